import type { CancelSignal } from '../../cancellation.js';
import { sleep, type Clock } from '../../clock.js';
import {
  LinodeError,
  LinodeInvalidResponse,
  LinodeRateLimited,
  LinodeTimeout,
  LinodeUnavailable,
} from '../errors.js';

const MAX_RETRIES = 2;
const BASE_DELAY_MS = 100;
/** Retries stay below this share of all requests, so that a failing API gets little more load than a healthy one. */
const MAX_RETRY_SHARE = 0.2;
const MIN_RETRIES = 10;
const BUDGET_WINDOW_MS = 10_000;

export interface Retrying {
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  budget: RetryBudget;
  deadlineAt: number;
  signal: CancelSignal;
  /** Whether to wait for a `Retry-After` that fits the deadline. */
  waitsFor429: boolean;
}

/** Runs `attempt`, and up to two retries with jittered back-off where that is safe. */
export async function withRetries<T>(attempt: () => Promise<T>, retrying: Retrying): Promise<T> {
  for (let retry = 0; ; retry++) {
    retrying.budget.count();
    try {
      return await attempt();
    } catch (error) {
      const delayMs = retry < MAX_RETRIES ? delayBeforeRetry(error, retry, retrying) : undefined;
      const fits = delayMs !== undefined && retrying.clock.now() + delayMs < retrying.deadlineAt;
      if (!fits || !retrying.budget.take()) throw error;
      await sleep(retrying.clock, delayMs, retrying.signal);
    }
  }
}

/** In ms; undefined if a retry is not safe or not useful. */
function delayBeforeRetry(error: unknown, retry: number, retrying: Retrying): number | undefined {
  const jittered = BASE_DELAY_MS * 2 ** retry * (0.5 + retrying.random());
  if (!(error instanceof LinodeError) || error instanceof LinodeInvalidResponse) return undefined;
  if (error instanceof LinodeUnavailable && !error.isWorthRetry) return undefined;
  if (!error.sent) return error instanceof LinodeUnavailable ? jittered : undefined;
  if (error.method !== 'GET') return undefined;
  if (error instanceof LinodeRateLimited) return retrying.waitsFor429 ? error.retryAfterMs : undefined;
  if (error instanceof LinodeTimeout) return error.status === 408 ? jittered : undefined;
  if (!(error instanceof LinodeUnavailable)) return undefined;
  // Below 500: something in front of Linode refused it.
  const isWorthIt =
    error.status === undefined || error.status < 500 || [502, 503, 504].includes(error.status);
  return isWorthIt ? jittered : undefined;
}

/** Bounds the retries of all callers together, by their requests of the last 10 s. */
export class RetryBudget {
  #windowStart = 0;
  #requests = 0;
  #retries = 0;

  constructor(private readonly clock: Clock) {}

  count(): void {
    const now = this.clock.now();
    if (now - this.#windowStart > BUDGET_WINDOW_MS) {
      this.#windowStart = now;
      this.#requests = 0;
      this.#retries = 0;
    }
    this.#requests++;
  }

  take(): boolean {
    if (this.#retries >= Math.max(MIN_RETRIES, this.#requests * MAX_RETRY_SHARE)) return false;
    this.#retries++;
    return true;
  }
}
