import type { BulkheadPolicy, CircuitBreakerPolicy } from 'cockatiel';
import {
  BulkheadRejectedError,
  CircuitState,
  ExponentialBackoff,
  bulkhead,
  circuitBreaker,
  handleWhen,
  BrokenCircuitError,
  IsolatedCircuitError,
} from 'cockatiel';
import type { Clock } from '../../clock.js';
import { FailureRate } from './failureRate.js';
import { LinodeTimeout, LinodeUnavailable, OperationAborted, type LinodeErrorFacts } from '../errors.js';

/** Calls of one caller under way at once; more wait. */
const MAX_CONCURRENT_PER_CALLER = 24;
const MAX_QUEUED_PER_CALLER = 600;

/** Stands before the transport: the breaker for all callers together, a bulkhead for each. */
export class CircuitBreaker {
  readonly breaker: CircuitBreakerPolicy;
  readonly #bulkheads = new Map<string, BulkheadPolicy>();

  constructor(clock: Clock) {
    this.breaker = circuitBreaker(
      handleWhen(
        (error) =>
          error instanceof LinodeUnavailable ||
          error instanceof LinodeTimeout ||
          // A client that left says nothing of Linode; a trial call that ended so would else close the circuit.
          (error instanceof OperationAborted && this.breaker.state === CircuitState.HalfOpen),
      ),
      {
        halfOpenAfter: new ExponentialBackoff({ initialDelay: 500, maxDelay: 5000 }),
        breaker: new FailureRate(clock),
      },
    );
  }

  /** @throws {LinodeUnavailable} at once, unsent, while the circuit is open or the caller's queue is full */
  async run<T>(callerKey: string, facts: LinodeErrorFacts, call: () => Promise<T>): Promise<T> {
    try {
      return await this.#bulkheadOf(callerKey).execute(() => this.breaker.execute(call));
    } catch (error) {
      const heldBack = { ...facts, sent: false, isWorthRetry: false };
      if (error instanceof BrokenCircuitError || error instanceof IsolatedCircuitError) {
        throw new LinodeUnavailable('Circuit breaker open: Linode is failing', heldBack);
      }
      if (error instanceof BulkheadRejectedError) {
        throw new LinodeUnavailable('Too many calls in flight for one caller', heldBack);
      }
      throw error;
    } finally {
      const policy = this.#bulkheads.get(callerKey);
      if (policy && policy.executionSlots === MAX_CONCURRENT_PER_CALLER) this.#bulkheads.delete(callerKey);
    }
  }

  #bulkheadOf(callerKey: string): BulkheadPolicy {
    let policy = this.#bulkheads.get(callerKey);
    if (!policy) {
      policy = bulkhead(MAX_CONCURRENT_PER_CALLER, MAX_QUEUED_PER_CALLER);
      this.#bulkheads.set(callerKey, policy);
    }
    return policy;
  }
}
