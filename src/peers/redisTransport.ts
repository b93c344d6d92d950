import type { Redis, Reply } from '../redis/redis.js';
import { readEntry, type Entry } from './entry.js';
import { LEASE_MS } from './peers.js';
import { APPEND, LEAVE, RENEW } from './scripts.js';
import type { Appended, PeersReceiver, PeersTransport, Position, Renewal } from './transport.js';

/** Of what processes with the same protocol share: another version of it has other keys. */
export const PREFIX = 'linode-images:1:';
/** The hash of leases: scripts of other rooms look there who is alive. */
export const PEERS_KEY = `${PREFIX}peers`;
const LOG_KEY = `${PREFIX}log`;
const ENTRIES = `${PREFIX}entries`;
const acknowledgementsOf = (member: string): string => `${PREFIX}acknowledgements:${member}`;
/** A process that is further behind invalidates everything. */
const MAX_ENTRIES = 1000;

/** What processes exchange, over Redis. */
export class RedisTransport implements PeersTransport {
  readonly #ends: (() => void)[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly member: string,
  ) {}

  /** Passes on what others send. */
  listen(receiver: PeersReceiver): void {
    this.#ends.push(
      this.redis.subscribe(ENTRIES, (message) => {
        const entry = readEntry(message.toString());
        if (entry) receiver.onEntry(entry);
      }),
      this.redis.subscribe(acknowledgementsOf(this.member), (message) => {
        const [, member = '', seq] = /^(\S+) (\d+)$/.exec(message.toString()) ?? [];
        if (seq !== undefined) receiver.onAcknowledged(member, Number(seq));
      }),
    );
  }

  async renew(position: Position, known: number): Promise<Renewal> {
    const [kind, first = null, second = null] = list(
      await this.redis.run(RENEW, [PEERS_KEY, LOG_KEY], [...this.#arguments(position), known]),
    );
    if (kind === 1) return { result: 'renewed', live: Number(first), known: Number(second) };
    if (kind === 2) return { result: 'behind', seq: number(first), missed: entriesOf(second) };
    return { result: 'other log', position: { incarnation: text(first), applied: number(second) } };
  }

  async append(position: Position, change: string, forget: readonly string[]): Promise<Appended> {
    const reply = await this.redis.run(
      APPEND,
      [PEERS_KEY, LOG_KEY, ...forget],
      [...this.#arguments(position), change, ENTRIES, MAX_ENTRIES],
    );
    const [incarnation = null, seq = null, previous = null, missed = null, unknown = null, ...rest] =
      list(reply);
    const leases = [];
    for (let at = 0; at + 1 < rest.length; at += 2) {
      leases.push({ member: text(rest[at] ?? null), remainingMs: number(rest[at + 1] ?? null) / 1000 });
    }
    return {
      incarnation: text(incarnation),
      seq: number(seq),
      previous: number(previous),
      missed: entriesOf(missed),
      leases,
      unknownLeasesMs: number(unknown) / 1000,
    };
  }

  acknowledge(author: string, seq: number): void {
    const message = Buffer.from(`${this.member} ${seq}`);
    this.redis.publish(acknowledgementsOf(author), message).catch(() => undefined);
  }

  async leave(): Promise<void> {
    for (const end of this.#ends) end();
    await this.redis.run(LEAVE, [PEERS_KEY], [this.member]);
  }

  #arguments({ incarnation, applied }: Position): (string | number)[] {
    return [this.member, incarnation, applied, LEASE_MS * 1000];
  }
}

const list = (reply: Reply): readonly Reply[] => (Array.isArray(reply) ? (reply as readonly Reply[]) : []);
const text = (reply: Reply): string => (reply as Buffer).toString();
const number = (reply: Reply): number => Number(text(reply));

/** Null if some are lost. */
function entriesOf(reply: Reply): Entry[] | null {
  if (!Array.isArray(reply)) return null;
  return (reply as readonly Reply[]).flatMap((entry) => readEntry(text(entry)) ?? []);
}
