import type { Clock } from '../../src/clock.js';
import type { Entry } from '../../src/peers/entry.js';
import type { LoggedCall, LogName, SharedRequest } from '../../src/linode/client/sharedBudget.js';
import { LEASE_MS } from '../../src/peers/peers.js';
import type { PeersReceiver, PeersTransport, Position, Renewal } from '../../src/peers/transport.js';

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 50;
const MAX_ENTRIES = 5;

/** What Redis does with the scripts of `src/peers/scripts.ts`, on the clock of the test. */
export class ModelRedis {
  readonly receivers = new Map<string, PeersReceiver>();
  #incarnation = '';
  #born = 0;
  #last = 0;
  #log: Entry[] = [];
  #leases = new Map<string, number>();
  /** By log: when each call was made, by its ID. */
  #calls = new Map<string, Map<string, number>>();

  constructor(private readonly clock: Clock) {}

  /** Loses everything. */
  flush(): void {
    this.#incarnation = '';
    this.#calls.clear();
  }

  /** As the script of `src/linode/client/redisBudget.ts`. */
  reserve(incarnation: string, known: number, { ids, logs, limits, own, kind }: SharedRequest): number {
    if (incarnation !== this.#incarnation) return -1;
    const now = this.clock.now();
    const leases = [...this.#leases.values()];
    const live = Math.max(1, leases.filter((until) => until > now).length);
    const lapsed = leases.length - live;
    let processes = live + Math.min(Math.max(0, lapsed), live);
    if (now - this.#born < 10 * MINUTE_MS) processes = Math.max(processes, known);
    this.restore(new Map([[kind, own]]));
    let wait = 0;
    for (const { log, max, sinceMs = MINUTE_MS } of limits) {
      const times = [...this.#callsOf(log).values()]
        .filter((at) => at > now - Math.min(MINUTE_MS, sinceMs))
        .sort((a, b) => a - b);
      const excess = times.length + ids.length - Math.max(1, Math.floor((max * live) / processes));
      if (excess > 0)
        wait = Math.max(wait, (times[Math.min(excess, times.length) - 1] ?? now) + MINUTE_MS - now);
    }
    if (wait === 0) for (const log of logs) for (const id of ids) this.#callsOf(log).set(id, now);
    return wait;
  }

  restore(calls: ReadonlyMap<LogName, readonly LoggedCall[]>): void {
    for (const [log, logged] of calls) {
      for (const { id, ageMs } of logged) {
        if (!this.#callsOf(log).has(id)) this.#callsOf(log).set(id, this.clock.now() - ageMs);
      }
    }
  }

  #callsOf(name: LogName): Map<string, number> {
    const log = this.#calls.get(name) ?? new Map<string, number>();
    this.#calls.set(name, log);
    return log;
  }

  renew(member: string, position: Position, hint: number): Renewal {
    this.#begin(member, position);
    if (position.incarnation !== this.#incarnation) {
      return { result: 'other log', position: { incarnation: this.#incarnation, applied: this.#last } };
    }
    if (position.applied < this.#last) {
      return { result: 'behind', seq: this.#last, missed: this.#missed(position) };
    }
    this.#leases.set(member, this.clock.now() + LEASE_MS);
    const isYoung = this.clock.now() - this.#born < 10 * MINUTE_MS;
    const live = this.#leases.size;
    return { result: 'renewed', live, known: isYoung ? Math.max(live, hint) : live };
  }

  append(member: string, position: Position, change: string) {
    this.#begin(member, position);
    const missed = position.incarnation === this.#incarnation ? this.#missed(position) : null;
    const now = this.clock.now();
    const entry = { seq: Math.max(this.#last + 1, now), previous: this.#last, author: member, change };
    this.#last = entry.seq;
    this.#log.push(entry);
    this.#log.splice(0, this.#log.length - MAX_ENTRIES);
    const leases = [...this.#leases]
      .map(([other, until]) => ({ member: other, remainingMs: until - now }))
      .filter(({ member: other, remainingMs }) => other !== member && remainingMs > 0);
    const unknownLeasesMs = Math.max(0, this.#born + LEASE_MS - now);
    return { entry, appended: { ...entry, incarnation: this.#incarnation, missed, leases, unknownLeasesMs } };
  }

  #begin(member: string, { incarnation, applied }: Position): void {
    const now = this.clock.now();
    if (this.#incarnation !== '' && (incarnation !== this.#incarnation || applied <= this.#last)) return;
    this.#incarnation = `${member}${now}`;
    this.#born = this.#last = now;
    this.#log = [];
    this.#leases.clear();
  }

  #missed({ applied }: Position): Entry[] | null {
    const entries = this.#log.filter(({ seq }) => seq > applied);
    if (entries.length === 0) return applied === this.#last ? [] : null;
    return entries[0]?.previous === applied ? entries : null;
  }
}

/** Delays and loses what travels between processes and the model. */
export class ModelNetwork {
  readonly cut = new Set<string>();
  /** Loses nothing from now on, and is quick. */
  isReliable = false;

  constructor(
    private readonly redis: ModelRedis,
    private readonly clock: Clock,
    /** In [0, 1). */
    private readonly random: () => number,
  ) {}

  /** @param clock of the process, whose callbacks wait while it stands still */
  transportOf(member: string, clock: Clock): PeersTransport {
    const { redis } = this;
    return {
      renew: (position, known) => this.request(member, clock, () => redis.renew(member, position, known)),
      append: (position, change) =>
        this.request(member, clock, () => {
          const { entry, appended } = redis.append(member, position, change);
          for (const other of redis.receivers.keys()) {
            this.#deliver(other, (receiver) => {
              receiver.onEntry(entry);
            });
          }
          return appended;
        }),
      acknowledge: (author, seq) => {
        this.#deliver(author, (receiver) => {
          receiver.onAcknowledged(member, seq);
        });
      },
      leave: () => Promise.resolve(),
    };
  }

  request<T>(member: string, clock: Clock, run: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      clock.after(TIMEOUT_MS, () => {
        reject(new Error('timeout'));
      });
      if (this.#loses(member)) return;
      this.clock.after(this.#delayMs(), () => {
        const result = run();
        if (!this.#loses(member)) {
          clock.after(this.#delayMs(), () => {
            resolve(result);
          });
        }
      });
    });
  }

  #deliver(member: string, receive: (receiver: PeersReceiver) => void): void {
    if (this.#loses(member)) return;
    this.clock.after(this.#delayMs() * 3, () => {
      const receiver = this.redis.receivers.get(member);
      if (receiver) receive(receiver);
    });
  }

  #loses(member: string): boolean {
    return this.cut.has(member) || (!this.isReliable && this.random() < 0.05);
  }

  #delayMs(): number {
    return this.isReliable || this.random() < 0.9 ? this.random() * 5 : this.random() * 60;
  }
}
