import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import type { CallTerms } from '../../linode/client/client.js';
import { LinodeTimeout } from '../../linode/errors.js';
import { PEERS_KEY, PREFIX } from '../../peers/redisTransport.js';
import type { Codec } from '../../redis/codec.js';
import { RedisUnavailable, type Redis, type Reply } from '../../redis/redis.js';
import { positionAt, type Moment } from '../sequence.js';
import { STORE, TAKE } from './fetchScripts.js';
import type { Fetched, FetchScope, SharedFetches } from './sharedFetches.js';

/** For how long what was fetched for a caller stays in Redis. */
const LIFETIME_MS = 5 * 60_000;
const CHANNEL = `${PREFIX}fetched`;
/** How often a process that waits for another one's fetch looks without having heard of its end: messages may be lost. */
const LOOK_EVERY_MS = 100;

/** How often a process retries to release its lock. */
const RETRY_MS = 100;

/** The hash of what was fetched for a caller, as far as its writes change it or not. */
export const fetchedKey = (callerKey: string, changesWithImages: boolean): string =>
  `${PREFIX}fetched:${changesWithImages ? 'images' : 'other'}:${callerKey}`;

type Taken = { kind: 'value'; ageMs: number; value: Buffer } | { kind: 'locked' | 'busy' };

export interface RedisFetchesOptions {
  redis: Redis;
  codec: Codec;
  clock: Clock;
  member: string;
  /** Receives how long a fetch has waited for another process, in ms. */
  onWait?: ((durationMs: number) => void) | undefined;
  /** Receives the key of a caller for whom another process has fetched, so that Linode has accepted its token. */
  onAccepted?: ((callerKey: string) => void) | undefined;
}

/** Fetches once for all processes that share a Redis; alone while that is away. */
export class RedisFetches implements SharedFetches {
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(private readonly options: RedisFetchesOptions) {
    options.redis.subscribe(CHANNEL, (message) => {
      for (const look of this.#waiting.get(message.toString()) ?? []) look();
    });
  }

  async share<T>(
    scope: FetchScope,
    since: number,
    terms: CallTerms,
    began: Moment,
    fetch: () => Promise<T>,
  ): Promise<Fetched<T>> {
    const { clock, onWait } = this.options;
    const key = fetchedKey(scope.callerKey, scope.changesWithImages);
    const name = createHash('sha256').update(scope.name).digest('base64url').slice(0, 24);
    const token = randomBytes(12).toString('hex');
    const lockMs = Math.max(1, terms.deadlineAt - began.at);
    const startedAt = clock.now();
    let isDamaged = false;
    try {
      for (let hasWaited = false; ; hasWaited = true) {
        const askedAt = clock.now();
        // What began less than so long ago began after `since`, however long the request to Redis takes.
        const maxAgeMs = isDamaged ? 0 : Math.max(0, askedAt - (since + 1) / positionAt(1));
        const taken = await this.#take(key, name, token, maxAgeMs, lockMs);
        if (taken.kind !== 'busy' && hasWaited) onWait?.(clock.now() - startedAt);
        if (taken.kind === 'locked') break;
        if (taken.kind === 'value') {
          const value = await this.#decode<T>(taken.value, `${key} ${name}`);
          const at = askedAt - taken.ageMs;
          if (value) {
            this.options.onAccepted?.(scope.callerKey);
            return { ...value, began: { at, seq: positionAt(at) } };
          }
          isDamaged = true;
        } else await this.#untilFetched(`${key} ${name}`, terms);
      }
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      // Redis may have taken the request for the lock all the same.
    }
    return { value: await this.#fetch(key, name, token, terms.deadlineAt, fetch), began };
  }

  /** Fetches under the lock. The result is stored unless another process has the lock by then, or a write has ended. */
  async #fetch<T>(
    key: string,
    name: string,
    token: string,
    lockedUntil: number,
    fetch: () => Promise<T>,
  ): Promise<T> {
    let encoded: Promise<Buffer | string> = Promise.resolve('');
    try {
      const value = await fetch();
      encoded = this.options.codec.encode(Buffer.from(JSON.stringify({ value })), `${key} ${name}`);
      return value;
    } finally {
      void this.#store(key, name, token, lockedUntil, encoded);
    }
  }

  /** Stores the result and releases the lock; retries while others would wait for it. */
  async #store(
    key: string,
    name: string,
    token: string,
    lockedUntil: number,
    encoded: Promise<Buffer | string>,
  ): Promise<void> {
    const { redis, member, clock } = this.options;
    const args = [name, member, token, await encoded, LIFETIME_MS, CHANNEL, `${key} ${name}`];
    while (clock.now() < lockedUntil) {
      try {
        await redis.run(STORE, [key], args);
        return;
      } catch {
        await new Promise<void>((resolve) => {
          clock.after(RETRY_MS, resolve);
        });
      }
    }
  }

  async #take(key: string, name: string, token: string, maxAgeMs: number, lockMs: number): Promise<Taken> {
    const { redis, member } = this.options;
    const args = [name, Math.floor(maxAgeMs * 1000), member, token, Math.ceil(lockMs * 1000), LIFETIME_MS];
    const reply = (await redis.run(TAKE, [key, PEERS_KEY], args)) as readonly Reply[];
    const [kind, age, value] = reply;
    if (kind !== 1) return { kind: kind === 2 ? 'locked' : 'busy' };
    return { kind: 'value', ageMs: Number((age as Buffer).toString()) / 1000, value: value as Buffer };
  }

  async #decode<T>(encoded: Buffer, name: string): Promise<{ value: T } | undefined> {
    const decoded = await this.options.codec.decode(encoded, name);
    return decoded ? (JSON.parse(decoded.toString()) as { value: T }) : undefined;
  }

  /** Resolves when it is worth looking whether the fetch has ended. */
  #untilFetched(message: string, { signal, deadlineAt }: CallTerms): Promise<void> {
    const { clock } = this.options;
    if (clock.now() >= deadlineAt)
      throw new LinodeTimeout('Timed out', { method: 'GET', path: '/', sent: false });
    const waiting = this.#waiting.get(message) ?? new Set();
    this.#waiting.set(message, waiting);
    return new Promise<void>((resolve, reject) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        waiting.delete(look);
        if (waiting.size === 0) this.#waiting.delete(message);
      };
      const look = (): void => {
        end();
        resolve();
      };
      const onAbort = (): void => {
        end();
        reject(signal.reason as Error);
      };
      const cancel = clock.after(LOOK_EVERY_MS, look);
      waiting.add(look);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
