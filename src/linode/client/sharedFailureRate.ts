import { CircuitState, type IBreaker } from 'cockatiel';
import type { Clock } from '../../clock.js';

const WINDOW_SECONDS = 5;
const MIN_FAILING_CALLERS = 3;
const MAX_FAILING_CALLERS_RATE = 0.5;
const MIN_FAILURES = 25;
/** Failures of one caller that count: its luck alone must not decide about all callers. */
const MAX_FAILURES_PER_CALLER = 10;
/** The window is evaluated once in as many failures as these callers fit into it, because that visits each caller. */
const CALLERS_PER_FAILURE = 50;

interface Outcomes {
  calls: number;
  failures: number;
}

/**
 * Opens the circuit of all callers when more than half of those that called within the last 5 s mostly failed: at
 * least three callers, with 25 failures, of which at most 10 count for one caller.
 */
export class SharedFailureRate implements IBreaker {
  /** Outcomes by caller for each second that had calls, oldest first. */
  #seconds: { second: number; outcomes: Map<string, Outcomes> }[] = [];
  #unevaluated = 0;
  state: unknown = undefined;

  constructor(private readonly clock: Clock) {}

  /** Counts a call. Call it before the breaker learns of the outcome. */
  record(callerKey: string, isFailure: boolean): void {
    const { outcomes } = this.#now();
    let own = outcomes.get(callerKey);
    if (!own) outcomes.set(callerKey, (own = { calls: 0, failures: 0 }));
    own.calls++;
    if (isFailure) own.failures++;
  }

  success(state: CircuitState): void {
    if (state !== CircuitState.HalfOpen) return;
    this.#seconds = [];
  }

  failure(state: CircuitState): boolean {
    if (state !== CircuitState.Closed) return true;
    this.#unevaluated++;
    if (this.#unevaluated * CALLERS_PER_FAILURE < this.#now().outcomes.size) return false;
    this.#unevaluated = 0;
    return this.#isOutage();
  }

  #isOutage(): boolean {
    const byCaller = new Map<string, Outcomes>();
    for (const { outcomes } of this.#seconds) {
      for (const [key, { calls, failures }] of outcomes) {
        const sum = byCaller.get(key) ?? { calls: 0, failures: 0 };
        byCaller.set(key, { calls: sum.calls + calls, failures: sum.failures + failures });
      }
    }
    const failing = [...byCaller.values()].filter(({ calls, failures }) => failures * 2 > calls);
    const failures = failing.reduce((sum, own) => sum + Math.min(own.failures, MAX_FAILURES_PER_CALLER), 0);
    return (
      failing.length >= MIN_FAILING_CALLERS &&
      failing.length > byCaller.size * MAX_FAILING_CALLERS_RATE &&
      failures >= MIN_FAILURES
    );
  }

  #now(): { second: number; outcomes: Map<string, Outcomes> } {
    const second = Math.floor(this.clock.now() / 1000);
    const last = this.#seconds.at(-1);
    if (last?.second === second) return last;
    const next = { second, outcomes: new Map<string, Outcomes>() };
    this.#seconds = [...this.#seconds.filter((one) => one.second > second - WINDOW_SECONDS), next];
    return next;
  }
}
