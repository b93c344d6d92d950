import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  circuitBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
  type IBreaker,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import {
  LinodeError,
  LinodeTimeout,
  LinodeUnavailable,
  OperationAborted,
  type LinodeErrorFacts,
} from '../errors.js';
import { FailureRate } from './failureRate.js';
import { FairPool } from './fairPool.js';
import { SharedFailureRate } from './sharedFailureRate.js';

/** Failures in a row, after the first one, that open the circuit of one request. */
const MAX_CONSECUTIVE_FAILURES = 5;
const MAX_FAILING_REQUESTS = 5000;
/** How long an open circuit refuses calls before it lets one through: longer each time, in ms. */
const OPEN_MS = { initialDelay: 500, maxDelay: 5000 };
const REQUEST_OPEN_MS = { initialDelay: 500, maxDelay: 2000 };

interface Circuit {
  policy: CircuitBreakerPolicy;
  rate: FailureRate;
}

/**
 * Refuses calls that would fail. A failure counts against its request first, then against its caller; only when
 * several callers fail does the circuit of all callers open, so that one caller's failures affect no other caller.
 */
export class CircuitBreaker {
  readonly #pool = new FairPool();
  /** By caller and path, of reads that failed the last time. */
  readonly #requests = new LRUCache<string, CircuitBreakerPolicy>({ max: MAX_FAILING_REQUESTS });
  /** Of callers with failures within the last seconds. */
  readonly #callers = new Map<string, Circuit>();
  readonly #sharedRate: SharedFailureRate;
  readonly #shared: CircuitBreakerPolicy;

  constructor(private readonly clock: Clock) {
    this.#sharedRate = new SharedFailureRate(clock);
    this.#shared = policyOf(this.#sharedRate, OPEN_MS);
  }

  /** Whether Linode fails for several callers, so that calls of all callers are refused. */
  get isOpen(): boolean {
    return this.#shared.state !== CircuitState.Closed;
  }

  /**
   * Runs a call. Writes are refused only while the circuit of all callers is open.
   * @param readKey identifies a read among its caller's; null for a write
   * @throws {LinodeUnavailable} at once, unsent, while a circuit is open or if the caller's queue is full
   */
  run<T>(
    callerKey: string,
    facts: LinodeErrorFacts,
    readKey: string | null,
    call: () => Promise<T>,
  ): Promise<T> {
    const recorded = this.#recorded(callerKey, readKey ?? facts.path, call);
    const shared = within(this.#shared, facts, 'Linode is failing', recorded);
    const guarded = readKey === null ? shared : this.#guardRead(callerKey, facts, readKey, shared);
    return this.#pool.run(callerKey, facts, guarded);
  }

  /** Narrow circuits enclose wide ones: what a narrow one refuses is no outcome to a wide one. */
  #guardRead<T>(
    callerKey: string,
    facts: LinodeErrorFacts,
    readKey: string,
    call: () => Promise<T>,
  ): () => Promise<T> {
    return async () => {
      const key = `${callerKey} ${readKey}`;
      const [caller, request] = [this.#callers.get(callerKey), this.#requests.get(key)];
      let guarded = call;
      if (caller) guarded = within(caller.policy, facts, "this caller's calls are failing", guarded);
      if (request) guarded = within(request, facts, 'this request is failing', guarded);
      try {
        const result = await guarded();
        this.#requests.delete(key);
        return result;
      } catch (error) {
        if (!request && isFailure(error)) this.#requests.set(key, requestPolicy());
        else if (isResponse(error)) this.#requests.delete(key);
        throw error;
      }
    };
  }

  #recorded<T>(callerKey: string, path: string, call: () => Promise<T>): () => Promise<T> {
    return async () => {
      try {
        const result = await call();
        this.#record(callerKey, path, false);
        return result;
      } catch (error) {
        if (isFailure(error) || isResponse(error)) this.#record(callerKey, path, isFailure(error));
        throw error;
      }
    };
  }

  #record(callerKey: string, path: string, isFailed: boolean): void {
    this.#sharedRate.record(callerKey, isFailed);
    let caller = this.#callers.get(callerKey);
    if (!caller && isFailed) {
      const rate = new FailureRate(this.clock);
      this.#callers.set(callerKey, (caller = { rate, policy: policyOf(rate, OPEN_MS) }));
    }
    caller?.rate.record(path, isFailed);
    if (caller?.rate.isQuiet && caller.policy.state === CircuitState.Closed) this.#callers.delete(callerKey);
  }
}

/** Runs a call within a circuit. */
const within =
  <T>(
    policy: CircuitBreakerPolicy,
    facts: LinodeErrorFacts,
    reason: string,
    call: () => Promise<T>,
  ): (() => Promise<T>) =>
  async () => {
    try {
      return await policy.execute(call);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new LinodeUnavailable(`Circuit breaker open: ${reason}`, {
        ...facts,
        sent: false,
        isWorthRetry: false,
      });
    }
  };

const requestPolicy = (): CircuitBreakerPolicy =>
  policyOf(new ConsecutiveBreaker(MAX_CONSECUTIVE_FAILURES), REQUEST_OPEN_MS);

function policyOf(breaker: IBreaker, openMs: typeof OPEN_MS): CircuitBreakerPolicy {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    handleWhen(
      (error) =>
        isFailure(error) ||
        // A trial call that was cancelled or refused proves nothing: the circuit stays open.
        (policy.state === CircuitState.HalfOpen &&
          (error instanceof OperationAborted || isRefusedHere(error))),
    ),
    { breaker, halfOpenAfter: new ExponentialBackoff(openMs) },
  );
  return policy;
}

/** Whether Linode failed, or could not be reached in time. */
const isFailure = (error: unknown): boolean =>
  error instanceof LinodeTimeout || (error instanceof LinodeUnavailable && !isRefusedHere(error));

/** Whether the pool or a circuit refused the call. */
const isRefusedHere = (error: unknown): boolean =>
  error instanceof LinodeUnavailable && !error.sent && !error.isWorthRetry;

/** Whether Linode works and refused the request. */
const isResponse = (error: unknown): boolean =>
  error instanceof LinodeError && error.status !== undefined && error.status < 500 && !isFailure(error);
