import type { CancelSignal } from './cancellation.js';

/** Time, handed over so that tests can move it. */
export interface Clock {
  /** Milliseconds that never run backwards, near the epoch's. */
  now(): number;
  /** Runs `callback` after `ms`, by `now()` not earlier; the answer cancels it. The timer keeps no process alive. */
  after(ms: number, callback: () => void): () => void;
}

/** Read once: its getter takes as long as the clock itself. */
const ORIGIN_MS = performance.timeOrigin;

export const systemClock: Clock = {
  now: () => ORIGIN_MS + performance.now(),
  after(ms, callback) {
    // A timer drops fractions, and may fire a part of a millisecond early.
    const timer = setTimeout(callback, Math.ceil(ms) + 1);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Milliseconds, to the microsecond: enough for every reader, and the same numbers recur. V8 keeps the texts of
 * numbers, and each that it does not know ends in the old generation.
 */
export const toMicrosecond = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
export function sleep(clock: Clock, ms: number, signal: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
