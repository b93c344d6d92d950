import { Cancellation, type CancelSignal } from '../cancellation.js';
import type { CallTerms, UpstreamCall } from '../linode/client/client.js';
import { LinodeTimeout } from '../linode/errors.js';
import type { Reading } from './reading.js';
import type { Moment, Sequence } from './sequence.js';

/**
 * A fetch. It ends when its terms' signal aborts or their deadline passes.
 * @param since the position that what it returns must be newer than
 */
export type Fetch<T> = (terms: CallTerms, began: Moment, since: number) => Promise<T>;

export interface SingleFlightOptions {
  /** How long one fetch may take, in ms. */
  timeoutMs: number;
  /**
   * Whether a fetch goes on when the last operation that waits for it times out, so that a later one finds the
   * result; default false.
   */
  outlivesOperations?: boolean;
  /** Whether a fetch past its deadline still settles soon, and its waiters want that result; default false. */
  settlesAfterTimeout?: boolean;
  /** Whether a fetch may return what another process fetched before it began; default false. */
  isShared?: boolean;
}

/** Coalesces fetches: at most one per key is in flight, and the operations that need it meanwhile share it. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  constructor(
    private readonly sequence: Sequence,
    private readonly options: SingleFlightOptions,
  ) {}

  /**
   * Waits for the fetch in flight if it began after `since`, a position in the sequence, or, shared, if it returns
   * nothing older. Another one is waited for, and then a new one started.
   * @throws what the fetch throws, or the reason of the reading's signal if that aborts first
   */
  async join(key: string, reading: Reading, since: number, fetch: Fetch<T>): Promise<T> {
    for (;;) {
      const flight = this.#flights.get(key);
      if (!flight || flight.isOver) return this.wait(this.start(key, fetch, since), reading, true);
      if (this.options.isShared ? flight.since >= since : flight.began.seq > since)
        return this.wait(flight, reading, false);
      await reading.waitFor(flight.settled(reading.terms.signal), { isOwn: false });
    }
  }

  /** The timeout of the last operation that waited for the fetch in flight; undefined if none timed out. */
  overdue(key: string): LinodeTimeout | undefined {
    const flight = this.#flights.get(key);
    return flight && !flight.isOver ? flight.overdue : undefined;
  }

  /** Starts a fetch, which later joiners share. */
  start(key: string, fetch: Fetch<T>, since = 0): Flight<T> {
    const flight = new Flight(this.sequence.moment(), since, this.options, fetch);
    this.#flights.set(key, flight);
    flight.onEnd(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    return flight;
  }

  /** Waits for a flight on the reading's terms, and records its upstream calls there. */
  async wait(flight: Flight<T>, reading: Reading, isOwn: boolean): Promise<T> {
    try {
      return await reading.waitFor(flight.result(reading.terms.signal), { isOwn });
    } finally {
      reading.noteCalls(flight.calls);
    }
  }
}

/**
 * One fetch with its waiters. A waiter that leaves does not affect the others. When the last one leaves, the fetch is
 * aborted for the same reason: the deadline of that operation passed, or its client disconnected. A fetch that outlives
 * its operations goes on from the first such deadline.
 */
class Flight<T> {
  /** The timeout of its last waiter, although the fetch goes on. */
  overdue: LinodeTimeout | undefined;
  readonly #endedCalls: UpstreamCall[] = [];
  readonly #sentCalls: (() => UpstreamCall | undefined)[] = [];
  readonly #cancellation = new Cancellation();
  readonly #result: Promise<T>;
  #waiters = 0;
  #isOver = false;

  constructor(
    readonly began: Moment,
    readonly since: number,
    private readonly options: SingleFlightOptions,
    fetch: Fetch<T>,
  ) {
    const { signal } = this.#cancellation;
    const terms: CallTerms = {
      signal,
      deadlineAt: began.at + options.timeoutMs,
      onSend: (record) => this.#sentCalls.push(record),
      onCall: (call) => this.#endedCalls.push(call),
    };
    this.#result = fetch(terms, began, since);
    this.onEnd(() => {
      this.#isOver = true;
    });
  }

  /** Its upstream calls so far, including those that have not ended. */
  get calls(): UpstreamCall[] {
    return [...this.#endedCalls, ...this.#sentCalls.flatMap((record) => record() ?? [])];
  }

  /** Whether it has ended or was aborted, and cannot be joined any more. */
  get isOver(): boolean {
    return this.#isOver || this.#cancellation.signal.aborted;
  }

  /** Runs `callback` when it has ended, however it ended. */
  onEnd(callback: () => void): void {
    this.#result.then(callback, callback);
  }

  /** The result; rejects when the signal aborts first, with its reason or with what the fetch made of it. */
  result(signal: CancelSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    this.#waiters++;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const reason = signal.reason as Error;
        this.#leave(reason);
        // An aborted fetch ends in this turn of the event loop and records its calls as it does. One that is
        // still queued has no calls to record.
        if (!this.isOver) reject(reason);
        else if (!(this.options.settlesAfterTimeout && reason instanceof LinodeTimeout)) {
          setImmediate(reject, reason);
        }
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#result.then(resolve, reject);
      this.onEnd(() => {
        signal.removeEventListener('abort', onAbort);
      });
    });
  }

  /** Resolves when it has ended, however it ended; rejects with the signal's reason when that aborts first. */
  async settled(signal: CancelSignal): Promise<void> {
    const isAborted = await this.result(signal).then(
      () => false,
      () => signal.aborted,
    );
    if (isAborted) throw signal.reason;
  }

  #leave(reason: Error): void {
    this.#waiters--;
    if (this.#waiters > 0 || this.#isOver) return;
    if (this.options.outlivesOperations && reason instanceof LinodeTimeout) this.overdue = reason;
    if (!this.overdue) this.#cancellation.abort(reason);
  }
}
