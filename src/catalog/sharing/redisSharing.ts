import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { Peers } from '../../peers/peers.js';
import { PREFIX, RedisTransport } from '../../peers/redisTransport.js';
import type { Codec } from '../../redis/codec.js';
import type { Redis } from '../../redis/redis.js';
import { REACH } from './fetchScripts.js';
import { fetchedKey, RedisFetches } from './redisFetches.js';
import type { CallerChange, Sharing, SharingHooks } from './sharing.js';

const JOB_LIFETIME_MS = 24 * 60 * 60_000;
/** How long one write to the regions of an image may take that others wait for. */
const LOCK_MS = 30_000;
const LOCK_RETRY_MS = 50;

export interface RedisSharingOptions {
  redis: Redis;
  codec: Codec;
  clock: Clock;
  /** Runs when Redis has lost what was stored there, before this process counts as connected. */
  restore?: (() => Promise<void>) | undefined;
  /** Redis is away, or is back. */
  onAlone?: ((isAlone: boolean) => void) | undefined;
  /** Receives how long a fetch has waited for another process, in ms. */
  onWait?: ((durationMs: number) => void) | undefined;
  /** Receives the key of a caller for whom another process has fetched, so that Linode has accepted its token. */
  onAccepted?: ((callerKey: string) => void) | undefined;
}

/** The catalogs of all processes that share a Redis behave as one. (ADR 33) */
export class RedisSharing implements Sharing {
  readonly fetches: RedisFetches;
  readonly peers: Peers;
  readonly #transport: RedisTransport;
  #hooks: SharingHooks | undefined;

  constructor(private readonly options: RedisSharingOptions) {
    const { redis, clock, restore, onAlone } = options;
    const member = randomBytes(8).toString('hex');
    this.#transport = new RedisTransport(redis, member);
    this.peers = new Peers(member, clock, this.#transport, {
      apply: (change) => {
        const parsed = readChange(change);
        if (parsed) this.#hooks?.apply(parsed);
        else this.#hooks?.applyUnknown();
      },
      applyUnknown: () => this.#hooks?.applyUnknown(),
      restore: async () => restore?.(),
      onAlone,
    });
    this.fetches = new RedisFetches({ ...options, member });
  }

  connect(hooks: SharingHooks): void {
    this.#hooks = hooks;
  }

  async start(): Promise<void> {
    this.#transport.listen(this.peers);
    this.options.redis.onState((state) => {
      if (state === 'connected') this.peers.reconnect();
    });
    await this.peers.start();
  }

  async announce(change: CallerChange): Promise<void> {
    const { callerKey, kind } = change;
    const late: CallerChange = { callerKey, kind: kind === 'refused' ? 'refused' : 'list' };
    const forget = [fetchedKey(callerKey, true)];
    if (kind === 'refused') forget.push(fetchedKey(callerKey, false));
    await this.peers.announce({ change: JSON.stringify(change), late: JSON.stringify(late), forget });
  }

  async exclusively<T>(key: string, job: () => Promise<T>): Promise<T> {
    const { redis, clock } = this.options;
    const lockKey = `${PREFIX}lock:${createHash('sha256').update(key).digest('hex')}`;
    const until = clock.now() + LOCK_MS;
    let lock = null;
    try {
      while (!(lock = await redis.lock(lockKey, LOCK_MS)) && clock.now() < until) {
        await new Promise<void>((resolve) => {
          clock.after(LOCK_RETRY_MS, resolve);
        });
      }
    } catch {
      // Redis is away: no other process can be waited for.
    }
    try {
      return await job();
    } finally {
      await lock?.release().catch(() => undefined);
    }
  }

  async reach(callerKey: string, job: string, percent: number | null): Promise<number | null> {
    try {
      const key = `${PREFIX}progress:${callerKey}`;
      const reply = await this.options.redis.run(REACH, [key], [job, percent ?? '', JOB_LIFETIME_MS]);
      return Buffer.isBuffer(reply) ? Number(reply.toString()) : null;
    } catch {
      return percent;
    }
  }

  mayServe(now: number): boolean {
    return this.peers.mayServe(now);
  }

  ready(): Promise<void> {
    return this.peers.ready();
  }

  async close(): Promise<void> {
    await this.peers.close();
    await this.options.redis.close();
  }
}

/** Undefined for what another version has written. */
function readChange(text: string): CallerChange | undefined {
  try {
    const change = JSON.parse(text) as Partial<CallerChange> & { id?: unknown };
    const isOfImage = change.kind === 'image' || change.kind === 'delete';
    const isKnown =
      change.kind === 'list' || change.kind === 'refused' || (isOfImage && typeof change.id === 'string');
    return isKnown && typeof change.callerKey === 'string' ? (change as CallerChange) : undefined;
  } catch {
    return undefined;
  }
}
