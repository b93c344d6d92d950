import { LinodeUnavailable, type LinodeErrorFacts } from '../errors.js';

/** Calls to Linode in flight at most, of all callers together. */
export const MAX_CALLS_IN_FLIGHT = 512;
/** Of one caller: more are queued. */
const MAX_PER_CALLER = 24;
const MAX_QUEUED_PER_CALLER = 600;
/** What one caller may have in flight as a share of what is free. */
const SHARE_OF_FREE = 1 / 8;

/** One caller's calls in flight, and those that wait for their turn. */
interface Share {
  inFlight: number;
  readonly queue: (() => void)[];
}

/**
 * Divides the calls in flight among callers. A caller's maximum shrinks as the pool fills up, so that a part of it
 * always stays free: callers whose calls hang leave room for those that have none in flight. One call of each caller
 * is always allowed while the pool has room.
 */
export class FairPool {
  /** Of callers with calls in flight or queued. */
  readonly #shares = new Map<string, Share>();
  /** Those with a queue, in the order of their turns. */
  readonly #waiting = new Set<Share>();
  #free = MAX_CALLS_IN_FLIGHT;

  /** @throws {LinodeUnavailable} at once, unsent, if the caller's queue is full */
  async run<T>(callerKey: string, facts: LinodeErrorFacts, call: () => Promise<T>): Promise<T> {
    const share = this.#shareOf(callerKey);
    if (share.queue.length === 0 && this.#mayStart(share)) this.#start(share);
    else await this.#turn(share, facts);
    try {
      return await call();
    } finally {
      share.inFlight--;
      this.#free++;
      this.#startNext();
      if (share.inFlight === 0 && share.queue.length === 0) this.#shares.delete(callerKey);
    }
  }

  #shareOf(callerKey: string): Share {
    let share = this.#shares.get(callerKey);
    if (!share) this.#shares.set(callerKey, (share = { inFlight: 0, queue: [] }));
    return share;
  }

  #mayStart({ inFlight }: Share): boolean {
    if (this.#free === 0) return false;
    return inFlight < Math.min(MAX_PER_CALLER, Math.max(1, Math.floor(this.#free * SHARE_OF_FREE)));
  }

  #start(share: Share): void {
    share.inFlight++;
    this.#free--;
  }

  /** Resolves when the call has its place. */
  async #turn(share: Share, facts: LinodeErrorFacts): Promise<void> {
    if (share.queue.length >= MAX_QUEUED_PER_CALLER) {
      const unsent = { ...facts, sent: false, isWorthRetry: false };
      throw new LinodeUnavailable('Too many calls in flight for one caller', unsent);
    }
    await new Promise<void>((resolve) => {
      share.queue.push(resolve);
      this.#waiting.add(share);
    });
  }

  /** Starts one queued call of the next caller that may have more; that caller then waits for its next turn. */
  #startNext(): void {
    for (const share of this.#waiting) {
      if (!this.#mayStart(share)) continue;
      this.#waiting.delete(share);
      this.#start(share);
      share.queue.shift()?.();
      if (share.queue.length > 0) this.#waiting.add(share);
      return;
    }
  }
}
