import type { Clock } from '../../clock.js';
import type { CallTerms } from '../../linode/client/client.js';
import { Deadline } from '../../linode/client/deadline.js';

/** Hits since the last list that make it worth refreshing ahead. */
const MIN_HITS = 5;
/** How long before it expires a list is refreshed: a random share of its freshness. */
const MIN_LEAD = 0.04;
const MAX_LEAD = 0.12;

/**
 * The age in ms at which a list is refreshed ahead. It is random, so that catalogs which were listed at the same
 * time drift apart.
 */
export const leadAgeMs = (maxAgeMs: number, random: () => number): number =>
  maxAgeMs * (1 - MIN_LEAD - (MAX_LEAD - MIN_LEAD) * random());

/** Refreshes a list that is read often once, shortly before it expires, so that no operation waits for it. (ADR 16) */
export class RefreshAhead {
  #hits = 0;
  #dueAt = Infinity;
  #freshUntil = -Infinity;

  constructor(private readonly refresh: () => void) {}

  /** In how many ms the list is refreshed if it is read often; undefined if it is not, or was already. */
  inMs(now: number): number | undefined {
    return this.#dueAt < Infinity ? Math.max(0, this.#dueAt - now) : undefined;
  }

  /**
   * Schedules the refresh of a list that was just fetched.
   * @param dueAt on the clock; Infinity for a list that is refreshed only when it has expired
   * @param freshUntil on the clock: later hits do not refresh ahead
   */
  schedule(dueAt: number, freshUntil: number): void {
    this.#dueAt = dueAt;
    this.#freshUntil = freshUntil;
    this.#hits = 0;
  }

  /** Counts a read that was answered from memory, and refreshes if it is time to. */
  recordHit(now: number): void {
    if (++this.#hits < MIN_HITS || now < this.#dueAt || now > this.#freshUntil) return;
    this.#dueAt = Infinity;
    this.refresh();
  }
}

/** Runs a read in the background until its deadline. A failure is ignored: the next operation tries again. */
export function readUnattended(
  clock: Clock,
  timeoutMs: number,
  read: (terms: CallTerms) => Promise<unknown>,
): void {
  const deadline = new Deadline(clock, timeoutMs, '/images');
  read(deadline.terms).then(deadline.lift, deadline.lift);
}
