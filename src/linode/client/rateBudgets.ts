import type { Clock } from '../../clock.js';
import { ANONYMOUS, type Caller } from '../caller.js';
import { MAX_LISTS_PER_MINUTE, RateBudget } from './rateBudget.js';
import type { SharedBudget } from './sharedBudget.js';

const MIN_SWEEP_SIZE = 1024;

/** The rate budgets of all callers. An idle one is dropped at times: look it up each time instead of storing it. */
export class RateBudgets {
  readonly #budgets = new Map<string, RateBudget>();
  #sweepAt = MIN_SWEEP_SIZE;

  /** @param shared the budget of a caller in all processes; absent: this is the only one */
  constructor(
    private readonly clock: Clock,
    private readonly shared?: ((caller: Caller) => SharedBudget) | undefined,
  ) {}

  /** Counts the calls of the last minute in all processes, where they may be missing. */
  async restore(): Promise<void> {
    await Promise.all([...this.#budgets.values()].map((budget) => budget.restore()));
  }

  of(caller: Caller): RateBudget {
    let budget = this.#budgets.get(caller.key);
    if (!budget) {
      if (this.#budgets.size >= this.#sweepAt) this.#sweep();
      budget = new RateBudget(this.clock, this.shared?.(caller));
      this.#budgets.set(caller.key, budget);
    }
    return budget;
  }

  /** Image lists left to the anonymous caller, and the smallest number left to any other. */
  get listsRemaining(): { anonymous: number; authenticated: number } {
    let authenticated = MAX_LISTS_PER_MINUTE;
    for (const [key, budget] of this.#budgets) {
      if (key !== ANONYMOUS.key) authenticated = Math.min(authenticated, budget.remaining('list'));
    }
    return { anonymous: this.of(ANONYMOUS).remaining('list'), authenticated };
  }

  #sweep(): void {
    for (const [key, budget] of this.#budgets) if (budget.isIdle) this.#budgets.delete(key);
    this.#sweepAt = Math.max(MIN_SWEEP_SIZE, this.#budgets.size * 2);
  }
}
