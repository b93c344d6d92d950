import { NOTHING_KNOWN, type LiveState } from './liveState.js';

/** What a subscription follows: one image, or all that the caller sees. */
export type Interest = { readonly imageId: string } | 'all';

/**
 * One subscriber's place in line. It holds the newest state only: a reader that is slower than the changes misses
 * states in between, and never makes a queue.
 */
export class LiveSubscription {
  #newest: LiveState = NOTHING_KNOWN;
  #isTaken = true;
  #waiting: { resolve: (state: LiveState | null) => void; reject: (error: Error) => void } | undefined;
  #error: Error | undefined;
  #isClosed = false;

  /** @param onClose called once, when the subscriber has left or was ended */
  constructor(
    readonly interest: Interest,
    private readonly onClose: (subscription: LiveSubscription) => void,
  ) {}

  /**
   * The newest state that was not taken yet, as soon as there is one; null once it is closed. One call at a time.
   * @throws why it was ended
   */
  next(): Promise<LiveState | null> {
    if (this.#error) return Promise.reject(this.#error);
    if (this.#isClosed) return Promise.resolve(null);
    if (!this.#isTaken) return Promise.resolve(this.#take());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** For the poller alone. */
  offer(state: LiveState): void {
    this.#newest = state;
    this.#isTaken = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(this.#take());
  }

  /** Ends it with an error; for the poller alone. */
  fail(error: Error): void {
    this.#error = error;
    const waiting = this.#waiting;
    this.close();
    waiting?.reject(error);
  }

  /** The subscriber leaves. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!this.#error) waiting?.resolve(null);
    this.onClose(this);
  }

  #take(): LiveState {
    this.#isTaken = true;
    return this.#newest;
  }
}
