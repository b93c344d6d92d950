import type { Clock } from '../../clock.js';
import type { CallTerms } from '../../linode/client/client.js';
import { Deadline } from '../../linode/client/deadline.js';

/** Reads from memory, since the list came, that make it worth having the next one ready. */
const MANY_READS = 5;
/** How long before a list is too old it is asked anew: a share of its freshness, another one each time. */
const LEAST_LEAD = 0.04;
const MOST_LEAD = 0.12;

/**
 * When to list again, in ms after a list began, so that readers find the next list there when this one is too old.
 * Catalogs that were listed at the same moment drift apart by it, and are not all listed at once for ever.
 */
export const leadAgeMs = (maxAgeMs: number, random: () => number): number =>
  maxAgeMs * (1 - LEAST_LEAD - (MOST_LEAD - LEAST_LEAD) * random());

/** Has a list that many read asked anew shortly before it is too old, once: then nobody waits for it. (ADR 16) */
export class RefreshAhead {
  #reads = 0;
  #dueAt = Infinity;
  #freshUntil = -Infinity;

  constructor(private readonly refresh: () => void) {}

  /** In how many ms the list is to be asked anew where many read it; undefined where it is not, or was already. */
  inMs(now: number): number | undefined {
    return this.#dueAt < Infinity ? Math.max(0, this.#dueAt - now) : undefined;
  }

  /**
   * A list came.
   * @param dueAt when to ask anew, on the clock; Infinity where that is to wait until somebody has to
   * @param freshUntil on the clock: who comes later has to wait in any case
   */
  listed(dueAt: number, freshUntil: number): void {
    this.#dueAt = dueAt;
    this.#freshUntil = freshUntil;
    this.#reads = 0;
  }

  /** Something was read from memory. */
  read(now: number): void {
    if (++this.#reads < MANY_READS || now < this.#dueAt || now > this.#freshUntil) return;
    this.#dueAt = Infinity;
    this.refresh();
  }
}

/**
 * Runs a read that nobody waits for, until its deadline. Where it fails, whoever next finds the list too old asks
 * again, and is told.
 */
export function readUnattended(
  clock: Clock,
  timeoutMs: number,
  read: (terms: CallTerms) => Promise<unknown>,
): void {
  const deadline = new Deadline(clock, timeoutMs, '/images');
  read(deadline.terms).then(deadline.lift, deadline.lift);
}
