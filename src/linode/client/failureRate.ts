import { CircuitState, type IBreaker } from 'cockatiel';
import type { Clock } from '../../clock.js';

const WINDOW_SECONDS = 5;
const MIN_CALLS = 25;
const MAX_FAILURE_RATE = 0.5;

/**
 * Opens the circuit when more than half of the calls of the last 5 s failed, and those were 25 at least.
 * (Cockatiel's own sampling breaker counts its last five busy seconds, however long ago they were.)
 */
export class FailureRate implements IBreaker {
  /** A count for each second that had calls, oldest first. */
  #seconds: { second: number; calls: number; failures: number }[] = [];
  state: unknown = undefined;

  constructor(private readonly clock: Clock) {}

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) this.#seconds = [];
    this.#now().calls++;
  }

  failure(state: CircuitState): boolean {
    const now = this.#now();
    now.calls++;
    now.failures++;
    if (state !== CircuitState.Closed) return true;
    const calls = this.#seconds.reduce((sum, second) => sum + second.calls, 0);
    const failures = this.#seconds.reduce((sum, second) => sum + second.failures, 0);
    return calls >= MIN_CALLS && failures > calls * MAX_FAILURE_RATE;
  }

  #now(): { second: number; calls: number; failures: number } {
    const second = Math.floor(this.clock.now() / 1000);
    const last = this.#seconds.at(-1);
    if (last?.second === second) return last;
    const next = { second, calls: 0, failures: 0 };
    this.#seconds = [...this.#seconds.filter((one) => one.second > second - WINDOW_SECONDS), next];
    return next;
  }
}
