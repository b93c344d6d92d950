import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../clock.js';
import { ANONYMOUS, type Caller } from '../caller.js';

/** What Linode counts apart: image lists (20 a minute), views of one image, and all the rest. */
export type CallKind = 'list' | 'view' | 'other';

/** Calls that one caller may make in any minute: less than Linode allows (20, and 400 of all kinds together). */
export const CALLS_PER_MINUTE: Readonly<Record<CallKind, number>> = { list: 15, view: 240, other: 140 };

const MINUTE_MS = 60_000;
const MAX_PAUSE_MS = 10 * MINUTE_MS;

/** The calls that one caller made, and what Linode's headers said of those that are left. */
export class RateBudget {
  /** Made by the first call of their kind: most tokens that come once ask for one kind. */
  readonly #accounts = new Map<CallKind, Account>();

  constructor(private readonly clock: Clock) {}

  /** Books `calls` calls, or books nothing and says in how many ms to ask again; 0 means booked. */
  reserve(kind: CallKind, calls = 1): number {
    return this.#of(kind).reserve(calls);
  }

  /** Undoes the booking of calls that were never sent. */
  release(kind: CallKind, calls = 1): void {
    this.#of(kind).release(calls);
  }

  /** In how many ms `calls` calls could be booked; 0 means now. */
  waitMs(kind: CallKind, calls = 1): number {
    return this.#of(kind).waitMs(calls);
  }

  /** How many calls could be booked now. */
  remaining(kind: CallKind): number {
    return this.#accounts.get(kind)?.remaining() ?? CALLS_PER_MINUTE[kind];
  }

  /** Learns from an answer's `X-RateLimit-*` and `Retry-After`; after a 429 answers the pause in ms. */
  recordResponse(kind: CallKind, status: number, headers: IncomingHttpHeaders): number {
    return this.#of(kind).recordResponse(status, headers);
  }

  /** Whether forgetting it would forget anything. */
  get isIdle(): boolean {
    return [...this.#accounts.values()].every((account) => account.isIdle);
  }

  #of(kind: CallKind): Account {
    let account = this.#accounts.get(kind);
    if (!account) this.#accounts.set(kind, (account = new Account(this.clock, CALLS_PER_MINUTE[kind])));
    return account;
  }
}

class Account {
  /** When the calls of the last minute were made, oldest first. */
  #calls: number[] = [];
  #pausedUntil = 0;
  #nextPauseMs = 1000;
  #window: { left: number; endsAt: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly perMinute: number,
  ) {}

  reserve(calls: number): number {
    const waitMs = this.waitMs(calls);
    if (waitMs > 0) return waitMs;
    const now = this.clock.now();
    for (let i = 0; i < calls; i++) this.#calls.push(now);
    if (this.#window) this.#window.left -= calls;
    return 0;
  }

  release(calls: number): void {
    const undone = this.#calls.splice(Math.max(0, this.#calls.length - calls)).length;
    if (this.#window) this.#window.left += undone;
  }

  waitMs(calls: number): number {
    const now = this.#forget();
    const over = this.#calls.length + calls - this.perMinute;
    // More calls than a minute allows can never be booked at once; a minute is as good an answer as any.
    const freeAt = over <= 0 ? 0 : (this.#calls[over - 1] ?? now) + MINUTE_MS;
    const windowAt = this.#window && this.#window.left < calls ? this.#window.endsAt : 0;
    return Math.max(0, Math.ceil(Math.max(freeAt, windowAt, this.#pausedUntil) - now));
  }

  remaining(): number {
    const now = this.#forget();
    if (this.#pausedUntil > now) return 0;
    return Math.max(0, Math.min(this.perMinute - this.#calls.length, this.#window?.left ?? Infinity));
  }

  recordResponse(status: number, headers: IncomingHttpHeaders): number {
    const now = this.#forget();
    this.#learnWindow(headers, now);
    if (status !== 429) {
      if (status < 400) this.#nextPauseMs = 1000;
      return 0;
    }
    let pauseMs = retryAfterMs(headers);
    if (pauseMs === undefined) {
      pauseMs = this.#nextPauseMs;
      this.#nextPauseMs = Math.min(this.#nextPauseMs * 2, MINUTE_MS);
    }
    pauseMs = Math.min(pauseMs, MAX_PAUSE_MS);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    return pauseMs;
  }

  get isIdle(): boolean {
    const now = this.#forget();
    return this.#calls.length === 0 && this.#pausedUntil <= now && !this.#window;
  }

  #learnWindow(headers: IncomingHttpHeaders, now: number): void {
    const remaining = Number(headers['x-ratelimit-remaining'] ?? NaN);
    const resetAt = Number(headers['x-ratelimit-reset'] ?? NaN) * 1000;
    const answeredAt = Date.parse(headers.date ?? '');
    const endsInMs = resetAt - answeredAt;
    // A reset in the past, in another unit, or far away tells nothing.
    if (!(remaining >= 0) || !(endsInMs > 0 && endsInMs <= 2 * MINUTE_MS)) return;
    const endsAt = now + endsInMs;
    const isSameWindow = this.#window !== undefined && Math.abs(this.#window.endsAt - endsAt) < 2000;
    const left = isSameWindow ? Math.min(this.#window?.left ?? remaining, remaining) : remaining;
    this.#window = { left, endsAt };
  }

  #forget(): number {
    const now = this.clock.now();
    if ((this.#calls[0] ?? now) <= now - MINUTE_MS) {
      this.#calls = this.#calls.filter((at) => at > now - MINUTE_MS);
    }
    if (this.#window && this.#window.endsAt <= now) this.#window = undefined;
    return now;
  }
}

/** `Retry-After` in ms, from whole seconds or an HTTP date; undefined when absent, unreadable or not ahead. */
export function retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - (Date.parse(headers.date ?? '') || Date.now());
  return ms > 0 ? ms : undefined;
}

/** The budgets of all callers; one is forgotten when it has nothing left to tell, so hold none for later. */
export class RateBudgets {
  readonly #budgets = new Map<string, RateBudget>();
  #sweepAt = 1024;

  constructor(private readonly clock: Clock) {}

  of(caller: Caller): RateBudget {
    let budget = this.#budgets.get(caller.key);
    if (!budget) {
      if (this.#budgets.size >= this.#sweepAt) this.#sweep();
      budget = new RateBudget(this.clock);
      this.#budgets.set(caller.key, budget);
    }
    return budget;
  }

  /** How many calls of a kind the anonymous caller may still make, and the fewest that any other may. */
  remaining(kind: CallKind): { anonymous: number; authenticated: number } {
    let authenticated = CALLS_PER_MINUTE[kind];
    for (const [key, budget] of this.#budgets) {
      if (key !== ANONYMOUS.key) authenticated = Math.min(authenticated, budget.remaining(kind));
    }
    return { anonymous: this.of(ANONYMOUS).remaining(kind), authenticated };
  }

  #sweep(): void {
    for (const [key, budget] of this.#budgets) if (budget.isIdle) this.#budgets.delete(key);
    this.#sweepAt = Math.max(1024, this.#budgets.size * 2);
  }
}
