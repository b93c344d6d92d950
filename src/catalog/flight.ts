import { Cancellation, type CancelSignal } from '../cancellation.js';
import type { CallTerms, UpstreamCall } from '../linode/client/client.js';
import { LinodeTimeout } from '../linode/errors.js';
import type { Reading } from './reading.js';
import type { Moment } from './sequence.js';

/**
 * One piece of work that several wait for. A waiter that leaves leaves the others alone; when the last has
 * left, the work is aborted, for the reason that this one had: its deadline has passed, or its client is gone.
 */
export class Flight<T> {
  readonly #cancellation = new Cancellation();
  readonly #result: Promise<T>;
  #waiters = 0;
  #isOver = false;

  /** The upstream calls it made, for all who wait for it. */
  readonly #calls: UpstreamCall[] = [];

  /** `work` is told when to give up: `timeoutMs` after `began`, or when nobody waits any more. */
  constructor(
    readonly began: Moment,
    timeoutMs: number,
    work: (terms: CallTerms) => Promise<T>,
    /** Whether work whose deadline has passed soon tells what came of it, and its waiters shall have that. */
    private readonly endsItself = false,
  ) {
    const { signal } = this.#cancellation;
    this.#result = work({
      signal,
      deadlineAt: began.at + timeoutMs,
      onCall: (call) => this.#calls.push(call),
    });
    this.onEnd(() => {
      this.#isOver = true;
    });
  }

  /** Whether it ended, or was aborted because nobody waited any more: nobody may board it now. */
  get isOver(): boolean {
    return this.#isOver || this.#cancellation.signal.aborted;
  }

  /** Runs `callback` when it ended, however it ended. */
  onEnd(callback: () => void): void {
    this.#result.then(callback, callback);
  }

  /** The result; rejects when the signal aborts first, with its reason or with what the work made of that. */
  join(signal: CancelSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    this.#waiters++;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const reason = signal.reason as Error;
        this.#leave(reason);
        // Work that is given up ends in this turn of the event loop, and tells of its calls as it does. Where it
        // still waits for its turn to call there is nothing to tell.
        if (!this.isOver) reject(reason);
        else if (!(this.endsItself && reason instanceof LinodeTimeout)) setImmediate(reject, reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#result.then(resolve, reject);
      this.onEnd(() => {
        signal.removeEventListener('abort', onAbort);
      });
    });
  }

  /** Waits for it on the reading's terms, and notes there what it cost. */
  async ride(reading: Reading, isOwn: boolean): Promise<T> {
    try {
      return await reading.waitFor(this.join(reading.terms.signal), { isOwn });
    } finally {
      reading.noteCalls(this.#calls);
    }
  }

  /** Resolves when it is over, however it ends; rejects with the signal's reason when that aborts first. */
  async end(signal: CancelSignal): Promise<void> {
    const isGone = await this.join(signal).then(
      () => false,
      () => signal.aborted,
    );
    if (isGone) throw signal.reason;
  }

  #leave(reason: Error): void {
    this.#waiters--;
    if (this.#waiters === 0 && !this.#isOver) this.#cancellation.abort(reason);
  }
}
