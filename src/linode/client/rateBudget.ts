import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../clock.js';
import { CallLog } from './callLog.js';
import { ObservedWindow } from './observedWindow.js';
import { Pause } from './pause.js';
import { readRateLimit } from './rateLimitHeaders.js';

/** Lists of images, views of one image, all other reads, and writes. */
export type CallKind = 'list' | 'view' | 'other' | 'write';

/**
 * What a read is for. `interactive`: a client waits for it. `background`: refresh-ahead and polling, which leave room
 * for that. `unknownId`: the view of an ID that no list contains; clients can invent any number of those. `live`: the
 * poller of a caller's subscriptions, which leaves as much room as `background` and never takes more than its share.
 */
export type CallPriority = 'interactive' | 'background' | 'unknownId' | 'live';

/** Linode allows a token 20 image lists a minute, and the gateway is not its only client. */
export const MAX_LISTS_PER_MINUTE = 15;

/** What Linode is assumed to allow until a response says: calls a minute of all kinds, and reads of one kind. */
export const DEFAULT_LIMIT = 400;
export const DEFAULT_READ_LIMITS = { view: 240, other: 140 } as const;

/** A larger limit is not believed: Linode is known to allow an account up to 1,840. */
const MAX_LIMIT = 2000;
/** The share of Linode's limit of lists that is used. */
const LIST_SHARE = 0.75;
/** What reads leave to writes, as a share of the limit, and as a number at least (but never more than half). */
const WRITE_SHARE = 0.15;
const MIN_WRITE_RESERVE = 60;
/** What background reads leave to all others, as a share of the limit. */
const INTERACTIVE_SHARE = 0.4;
/** What views of unknown IDs may take of what views may. */
const UNKNOWN_ID_SHARE = 0.1;
/** What the poller of subscriptions may take of each limit. */
export const LIVE_SHARE = 0.25;

const KINDS: readonly CallKind[] = ['list', 'view', 'other', 'write'];

/** Calls that a budget lets through, to be sent or to be released. */
export interface Reservation {
  /** 0 if the calls are reserved, else in how many ms to try again. */
  readonly waitMs: number;
  /** Returns calls that were not sent. */
  release(calls?: number): void;
}

/** No more calls than `max` in a sliding minute, of those at `since` or later on the clock. */
interface Limit {
  log: CallLog;
  max: number;
  since?: number;
}

/**
 * The calls that one caller may make in a minute, as Linode counts them: image lists by themselves, everything else
 * together. Background reads leave room for interactive ones, and all reads leave room for writes.
 */
export class RateBudget {
  readonly #all = new CallLog();
  readonly #byKind = { list: new CallLog(), view: new CallLog(), other: new CallLog(), write: new CallLog() };
  readonly #unknownIds = new CallLog();
  /** Calls for subscriptions, by kind; those of `all` are without lists. */
  readonly #live = { all: new CallLog(), list: new CallLog(), view: new CallLog(), other: new CallLog() };
  readonly #pauses: Readonly<Record<CallKind, Pause>>;
  readonly #window: ObservedWindow;
  readonly #listWindow: ObservedWindow;
  /** As Linode's headers say; undefined before the first. */
  #limit: number | undefined;
  #listsPerMinute = MAX_LISTS_PER_MINUTE;

  constructor(private readonly clock: Clock) {
    const pause = (): Pause => new Pause(clock);
    this.#pauses = { list: pause(), view: pause(), other: pause(), write: pause() };
    this.#window = new ObservedWindow(clock);
    this.#listWindow = new ObservedWindow(clock);
  }

  /** Image lists a minute: 15, or fewer for a caller whom Linode allows fewer than 20. */
  get listsPerMinute(): number {
    return this.#listsPerMinute;
  }

  /** Reserves all of these calls or none. */
  reserve(kind: CallKind, calls = 1, priority: CallPriority = 'interactive'): Reservation {
    const waitMs = this.waitMs(kind, calls, priority);
    if (waitMs > 0) return { waitMs, release: () => undefined };
    const now = this.clock.now();
    const logs = [this.#all, this.#byKind[kind]];
    if (priority === 'unknownId') logs.push(this.#unknownIds);
    if (priority === 'live' && kind !== 'write') {
      logs.push(this.#live[kind], ...(kind === 'list' ? [] : [this.#live.all]));
    }
    const window = this.#windowOf(kind);
    for (const log of logs) log.add(calls, now);
    window.spend(calls);
    const release = (unsent = 1): void => {
      for (const log of logs) log.remove(unsent, now);
      window.spend(-unsent);
    };
    return { waitMs, release };
  }

  /** In how many ms these calls can be reserved; 0 if that is now. */
  waitMs(kind: CallKind, calls = 1, priority: CallPriority = 'interactive'): number {
    const now = this.clock.now();
    const window = this.#windowOf(kind);
    const windowEndsAt = kind === 'write' ? window.mayEndAt : window.endsAt;
    const isFull = this.#leftInWindow(kind, priority) < calls;
    const freeAt = this.#limitsOf(kind, priority).map(({ log, max, since }) =>
      log.freeAt(calls, max, now, since),
    );
    const pausedUntil = this.#pauses[kind].until;
    return Math.max(0, Math.ceil(Math.max(pausedUntil, isFull ? windowEndsAt : 0, ...freeAt) - now));
  }

  /** How many calls can be reserved now. */
  remaining(kind: CallKind, priority: CallPriority = 'interactive'): number {
    const now = this.clock.now();
    if (this.#pauses[kind].until > now) return 0;
    const left = this.#limitsOf(kind, priority).map(({ log, max, since }) => max - log.count(now, since));
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
    return this.#pauses[kind].record(status, headers);
  }

  /** Whether it knows nothing but the limits, which the next response tells again. */
  get isIdle(): boolean {
    const now = this.clock.now();
    const isQuiet = (kind: CallKind): boolean =>
      this.#pauses[kind].until <= now && !this.#windowOf(kind).isCurrent;
    return this.#all.count(now) === 0 && KINDS.every(isQuiet);
  }

  #windowOf(kind: CallKind): ObservedWindow {
    return kind === 'list' ? this.#listWindow : this.#window;
  }

  /** Calls that Linode's own window still allows; Infinity if none is known to be under way. */
  #leftInWindow(kind: CallKind, priority: CallPriority): number {
    const window = this.#windowOf(kind);
    if (kind === 'write' && window.mayEndAt <= this.clock.now()) return Infinity;
    return window.remaining - this.#leftToOthers(kind, priority);
  }

  #limitsOf(kind: CallKind, priority: CallPriority): Limit[] {
    const left = this.#leftToOthers(kind, priority);
    const isLive = priority === 'live';
    if (kind === 'list') {
      const lists: Limit = { log: this.#byKind.list, max: this.#listsPerMinute - left };
      return isLive ? [lists, { log: this.#live.list, max: liveShareOf(this.#listsPerMinute) }] : [lists];
    }
    const limit = this.#limit ?? DEFAULT_LIMIT;
    if (kind === 'write') {
      // A write passes whenever Linode would accept it: if its window is known, nothing else counts.
      const { mayEndAt } = this.#window;
      return mayEndAt > this.clock.now() ? [] : [{ log: this.#all, max: limit, since: mayEndAt }];
    }
    const limits: Limit[] = [{ log: this.#all, max: limit - left }];
    const max = this.#limit === undefined ? DEFAULT_READ_LIMITS[kind] : limit - left;
    if (this.#limit === undefined) limits.push({ log: this.#byKind[kind], max });
    if (isLive) {
      limits.push({ log: this.#live.all, max: liveShareOf(limit) });
      if (this.#limit === undefined) limits.push({ log: this.#live[kind], max: liveShareOf(max) });
    }
    if (priority === 'unknownId') {
      limits.push({ log: this.#unknownIds, max: Math.max(1, Math.floor(max * UNKNOWN_ID_SHARE)) });
    }
    return limits;
  }

  /** How many calls of Linode's limit these calls leave to calls that matter more. */
  #leftToOthers(kind: CallKind, priority: CallPriority): number {
    if (kind === 'write') return 0;
    const yields = priority === 'background' || priority === 'live';
    if (kind === 'list') return yields ? 1 : 0;
    const limit = this.#limit ?? DEFAULT_LIMIT;
    const toWrites = Math.min(Math.max(MIN_WRITE_RESERVE, limit * WRITE_SHARE), limit / 2);
    return Math.floor(yields ? Math.max(toWrites, limit * INTERACTIVE_SHARE) : toWrites);
  }
}

const liveShareOf = (max: number): number => Math.floor(max * LIVE_SHARE);
