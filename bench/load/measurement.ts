import type { Form } from '../form.js';

/** What one run of load came to. */
export interface Measurement {
  requests: number;
  seconds: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Responses with a status of 400 or more, and broken connections. */
  failures: number;
  /** What came over the wire, headers and all. */
  bytes: number;
}

export interface Load {
  url: string;
  form: Form;
  /** Where the running numbers begin. */
  firstNumber: number;
  seconds: number;
  connections: number;
}

/** Running numbers that no run of load can use up. */
export const NUMBERS_OF_A_LOAD = 5_000_000;

export function measurementOf(
  latenciesMs: ArrayLike<number>,
  counts: { seconds: number; failures: number; bytes: number },
): Measurement {
  const sorted = Float64Array.from(latenciesMs).sort();
  return {
    requests: sorted.length,
    perSecond: sorted.length / counts.seconds,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    ...counts,
  };
}

/** The smallest value that `share` of all do not exceed; NaN of none. */
export const percentile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;

export const median = (values: readonly number[]): number =>
  percentile(Float64Array.from(values).sort(), 0.5);
