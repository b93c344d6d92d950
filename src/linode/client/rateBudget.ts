import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../clock.js';
import { leftToOthers, limitsOf, type KnownLimits, type Limit } from './budgetLimits.js';
import type { CallKind, CallPriority } from './callKind.js';
import { CallLog } from './callLog.js';
import { ObservedWindow } from './observedWindow.js';
import { Pause } from './pause.js';
import { readRateLimit } from './rateLimitHeaders.js';
import {
  FIRST_MINUTE_SHARE,
  LOG_NAMES,
  logsOf,
  shareOf,
  type LoggedCall,
  type LogName,
  type SharedBudget,
} from './sharedBudget.js';

export type { CallKind, CallPriority };
export { DEFAULT_LIMIT, DEFAULT_READ_LIMITS, LIVE_SHARE } from './budgetLimits.js';

/** Linode allows a token 20 image lists a minute, and the gateway is not its only client. */
export const MAX_LISTS_PER_MINUTE = 15;

/** A larger limit is not believed: Linode is known to allow an account up to 1,840. */
const MAX_LIMIT = 2000;
/** The share of Linode's limit of lists that is used. */
const LIST_SHARE = 0.75;
const KINDS: readonly CallKind[] = ['list', 'view', 'other', 'write'];

/** Calls that a budget lets through, to be sent or to be released. */
export interface Reservation {
  /** 0 if the calls are reserved, else in how many ms to try again. */
  readonly waitMs: number;
  /** Returns calls that were not sent. */
  release(calls?: number): void;
}

interface LimitHere extends Omit<Limit, 'log'> {
  log: CallLog;
}

/** While there are few, calls of a kind are counted again with each reservation, in case Redis has lost them. */
const MAX_REPEATED_CALLS = 20;
const MINUTE_MS = 60_000;

/**
 * The calls that one caller may make in a minute, as Linode counts them: image lists by themselves, everything else
 * together. Background reads leave room for interactive ones, and all reads leave room for writes.
 */
export class RateBudget {
  /** Distinguishes its calls from those of other processes. */
  readonly #id = randomBytes(6).toString('base64url');
  readonly #logs: Readonly<Record<LogName, CallLog>>;
  /** IDs of calls that the other processes have not agreed to yet. */
  readonly #unconfirmed = new Set<string>();
  /** Calls that were made without the other processes' consent. */
  readonly #alone = { list: new CallLog(), view: new CallLog(), other: new CallLog(), write: new CallLog() };
  readonly #pauses: Readonly<Record<CallKind, Pause>>;
  readonly #window: ObservedWindow;
  readonly #listWindow: ObservedWindow;
  /** As Linode's headers say; undefined before the first. */
  #limit: number | undefined;
  #listsPerMinute = MAX_LISTS_PER_MINUTE;

  /** @param shared the budget in all processes; absent: this is the only one */
  constructor(
    private readonly clock: Clock,
    private readonly shared?: SharedBudget | undefined,
  ) {
    this.#logs = Object.fromEntries(LOG_NAMES.map((name) => [name, new CallLog()])) as Record<
      LogName,
      CallLog
    >;
    const pause = (): Pause => new Pause(clock);
    this.#pauses = { list: pause(), view: pause(), other: pause(), write: pause() };
    this.#window = new ObservedWindow(clock);
    this.#listWindow = new ObservedWindow(clock);
  }

  /** Image lists a minute: 15, or fewer for a caller whom Linode allows fewer than 20. */
  get listsPerMinute(): number {
    return this.#listsPerMinute;
  }

  /** Reserves all of these calls or none, in all processes. */
  reserveInAll(
    kind: CallKind,
    calls = 1,
    priority: CallPriority = 'interactive',
  ): Reservation | Promise<Reservation> {
    const own = this.reserve(kind, calls, priority);
    if (!this.shared || this.shared.aloneSince !== undefined || own.waitMs > 0) return own;
    return this.#reserveShared(this.shared, own, kind, calls, priority);
  }

  /** Reserves all of these calls or none, in this process. */
  reserve(
    kind: CallKind,
    calls = 1,
    priority: CallPriority = 'interactive',
    aloneSince = this.shared?.aloneSince,
  ): Reservation {
    const waitMs = this.waitMs(kind, calls, priority, aloneSince);
    if (waitMs > 0) return refusal(waitMs);
    const now = this.clock.now();
    const logs = logsOf(kind, priority).map((name) => this.#logs[name]);
    if (aloneSince !== undefined) logs.push(this.#alone[kind]);
    const window = this.#windowOf(kind);
    for (const log of logs) log.add(calls, now);
    window.spend(calls);
    const release = (unsent = 1): void => {
      for (const log of logs) log.remove(unsent, now);
      window.spend(-unsent);
    };
    return { waitMs, release };
  }

  async #reserveShared(
    shared: SharedBudget,
    own: Reservation,
    kind: CallKind,
    calls: number,
    priority: CallPriority,
  ): Promise<Reservation> {
    const now = this.clock.now();
    const logs = logsOf(kind, priority);
    const recent = this.#loggedCalls(kind, now);
    const ids = recent.slice(-calls).map(({ id }) => id);
    const before = recent.slice(0, -calls).filter(({ id }) => !this.#unconfirmed.has(id));
    for (const id of ids) this.#unconfirmed.add(id);
    const waitMs = await shared.reserve({
      kind,
      ids,
      logs,
      limits: limitsOf(kind, priority, this.#known).map(({ log, max, since }) => ({
        log,
        max,
        ...(since !== undefined && since > -Infinity && { sinceMs: now - since }),
      })),
      own: before.length <= MAX_REPEATED_CALLS ? before : [],
    });
    for (const id of ids) this.#unconfirmed.delete(id);
    if (waitMs === 0) {
      let unsent = calls;
      const release = (count = 1): void => {
        own.release(count);
        shared.release(ids.slice(Math.max(0, unsent - count), unsent), logs);
        unsent -= count;
      };
      return { waitMs, release };
    }
    own.release(calls);
    if (waitMs !== undefined) return refusal(waitMs);
    return this.reserve(kind, calls, priority, shared.aloneSince ?? now);
  }

  /** The calls of the last minute, whose ids are the same each time. */
  #loggedCalls(log: LogName, now: number): LoggedCall[] {
    let [last, same] = [-1, 0];
    return this.#logs[log].recent(now).map((at) => {
      same = at === last ? same + 1 : 0;
      last = at;
      return { id: `${this.#id} ${log} ${at} ${same}`, ageMs: now - at };
    });
  }

  /** Counts the calls of the last minute in all processes, where they may be missing. */
  async restore(): Promise<void> {
    if (!this.shared) return;
    const now = this.clock.now();
    const calls = new Map<LogName, LoggedCall[]>();
    for (const kind of KINDS) {
      const logged = this.#loggedCalls(kind, now);
      if (logged.length === 0) continue;
      calls.set(kind, logged);
      calls.set('all', [...(calls.get('all') ?? []), ...logged]);
    }
    if (calls.size > 0) await this.shared.restore(calls);
  }

  /** In how many ms these calls can be reserved as far as this process knows; 0 if that is now. */
  waitMs(
    kind: CallKind,
    calls = 1,
    priority: CallPriority = 'interactive',
    aloneSince = this.shared?.aloneSince,
  ): number {
    const now = this.clock.now();
    const window = this.#windowOf(kind);
    const windowEndsAt = kind === 'write' ? window.mayEndAt : window.endsAt;
    const isFull = this.#leftInWindow(kind, priority) < calls;
    const freeAt = this.#limitsHere(kind, priority, aloneSince).map(({ log, max, since }) =>
      log.freeAt(calls, max, now, since),
    );
    const pausedUntil = this.#pauses[kind].until;
    return Math.max(0, Math.ceil(Math.max(pausedUntil, isFull ? windowEndsAt : 0, ...freeAt) - now));
  }

  /** How many calls can be reserved now. */
  remaining(kind: CallKind, priority: CallPriority = 'interactive'): number {
    const now = this.clock.now();
    if (this.#pauses[kind].until > now) return 0;
    const limits = this.#limitsHere(kind, priority, this.shared?.aloneSince);
    const left = limits.map(({ log, max, since }) => max - log.count(now, since));
    return Math.max(0, Math.min(this.#leftInWindow(kind, priority), ...left));
  }

  /** Learns from a response's headers, and returns for how many ms its kind of calls pauses if that is a 429. */
  recordResponse(kind: CallKind, status: number, headers: IncomingHttpHeaders): number {
    const { limit, window } = readRateLimit(headers);
    if (window) this.#windowOf(kind).observe(window.remaining, window.endsInMs);
    if (limit !== undefined && kind === 'list') {
      this.#listsPerMinute = Math.min(MAX_LISTS_PER_MINUTE, Math.max(1, Math.floor(limit * LIST_SHARE)));
    } else if (limit !== undefined) {
      this.#limit = Math.min(limit, MAX_LIMIT);
    }
    const pauseMs = this.#pauses[kind].record(status, headers);
    if (pauseMs > 0) this.shared?.pause(kind, pauseMs);
    return pauseMs;
  }

  /** Whether it knows nothing but the limits, which the next response tells again. */
  get isIdle(): boolean {
    const now = this.clock.now();
    const isQuiet = (kind: CallKind): boolean =>
      this.#pauses[kind].until <= now && !this.#windowOf(kind).isCurrent;
    return this.#logs.all.count(now) === 0 && KINDS.every(isQuiet);
  }

  #windowOf(kind: CallKind): ObservedWindow {
    return kind === 'list' ? this.#listWindow : this.#window;
  }

  /** Calls that Linode's own window still allows; Infinity if none is known to be under way. */
  #leftInWindow(kind: CallKind, priority: CallPriority): number {
    const window = this.#windowOf(kind);
    if (kind === 'write' && window.mayEndAt <= this.clock.now()) return Infinity;
    return window.remaining - leftToOthers(kind, priority, this.#limit);
  }

  get #known(): KnownLimits {
    const { mayEndAt } = this.#window;
    const windowBegan = mayEndAt > this.clock.now() ? undefined : mayEndAt;
    return { listsPerMinute: this.#listsPerMinute, limit: this.#limit, windowBegan };
  }

  /** What this process may use: all of it, or alone its share. */
  #limitsHere(kind: CallKind, priority: CallPriority, aloneSince: number | undefined): LimitHere[] {
    const limits = limitsOf(kind, priority, this.#known).map((limit) => ({
      ...limit,
      log: this.#logs[limit.log],
    }));
    const processes = this.shared?.processes ?? 1;
    if (aloneSince === undefined || processes === 1) return limits;
    const shares = limits.map((limit) => ({ ...limit, max: shareOf(limit.max, processes) }));
    // What the others have made before they were away still counts.
    if (this.clock.now() - aloneSince >= MINUTE_MS) return shares;
    const log = this.#alone[kind];
    return limits.flatMap(({ max }, i) => [
      ...shares.slice(i, i + 1),
      { log, max: shareOf(max * FIRST_MINUTE_SHARE, processes) },
    ]);
  }
}

const refusal = (waitMs: number): Reservation => ({ waitMs, release: () => undefined });
