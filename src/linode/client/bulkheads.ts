import { bulkhead, BulkheadRejectedError, type BulkheadPolicy } from 'cockatiel';
import { LinodeUnavailable, type LinodeErrorFacts } from '../errors.js';

/** Calls of one caller in flight: less than a fifth of the connections. More are queued. */
const MAX_CONCURRENT_PER_CALLER = 24;
const MAX_QUEUED_PER_CALLER = 600;

/** Bounds each caller's share of the connections to Linode. */
export class Bulkheads {
  /** Of callers with calls in flight. */
  readonly #policies = new Map<string, BulkheadPolicy>();

  /** @throws {LinodeUnavailable} at once, unsent, if the caller's queue is full */
  async run<T>(callerKey: string, facts: LinodeErrorFacts, call: () => Promise<T>): Promise<T> {
    let policy = this.#policies.get(callerKey);
    if (!policy) {
      policy = bulkhead(MAX_CONCURRENT_PER_CALLER, MAX_QUEUED_PER_CALLER);
      this.#policies.set(callerKey, policy);
    }
    try {
      return await policy.execute(call);
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      const unsent = { ...facts, sent: false, isWorthRetry: false };
      throw new LinodeUnavailable('Too many calls in flight for one caller', unsent);
    } finally {
      if (policy.executionSlots === MAX_CONCURRENT_PER_CALLER && this.#policies.get(callerKey) === policy) {
        this.#policies.delete(callerKey);
      }
    }
  }
}
