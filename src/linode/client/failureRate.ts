import { CircuitState, type IBreaker } from 'cockatiel';
import type { Clock } from '../../clock.js';

const WINDOW_SECONDS = 5;
const MIN_CALLS = 25;
const MAX_FAILURE_RATE = 0.5;
/** One request that fails whenever it is repeated says nothing about the others. */
const MIN_FAILING_PATHS = 5;

interface Second {
  second: number;
  calls: number;
  failures: number;
  failingPaths: Set<string>;
}

/**
 * Opens the circuit of one caller when more than half of its calls of the last 5 s failed: of at least 25, and on at
 * least 5 paths. (Cockatiel's own sampling breaker counts its last five busy seconds, however long ago they were.)
 */
export class FailureRate implements IBreaker {
  /** The seconds that had calls, oldest first. */
  #seconds: Second[] = [];
  state: unknown = undefined;

  constructor(private readonly clock: Clock) {}

  /** Counts a call. Call it before the breaker learns of the outcome. */
  record(path: string, isFailure: boolean): void {
    const now = this.#now();
    now.calls++;
    if (!isFailure) return;
    now.failures++;
    now.failingPaths.add(path);
  }

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) this.#seconds = [];
  }

  failure(state: CircuitState): boolean {
    if (state !== CircuitState.Closed) return true;
    this.#now();
    const sum = (count: (second: Second) => number): number =>
      this.#seconds.reduce((total, second) => total + count(second), 0);
    const calls = sum((second) => second.calls);
    const failingPaths = new Set(this.#seconds.flatMap((second) => [...second.failingPaths]));
    return (
      calls >= MIN_CALLS &&
      sum((second) => second.failures) > calls * MAX_FAILURE_RATE &&
      failingPaths.size >= MIN_FAILING_PATHS
    );
  }

  /** Whether no call of the last 5 s failed. */
  get isQuiet(): boolean {
    this.#now();
    return this.#seconds.every(({ failures }) => failures === 0);
  }

  #now(): Second {
    const second = Math.floor(this.clock.now() / 1000);
    const last = this.#seconds.at(-1);
    if (last?.second === second) return last;
    const next = { second, calls: 0, failures: 0, failingPaths: new Set<string>() };
    this.#seconds = [...this.#seconds.filter((one) => one.second > second - WINDOW_SECONDS), next];
    return next;
  }
}
