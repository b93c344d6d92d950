import type { Clock } from '../../src/clock.js';

/** A clock that a test moves. */
export interface ManualClock extends Clock {
  /** Moves time on; what falls due runs in order. */
  advance(ms: number): void;
}

export function manualClock(startMs = Date.parse('2024-05-20T12:00:00Z')): ManualClock {
  let nowMs = startMs;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => nowMs,
    after(ms, callback) {
      const timer = { at: nowMs + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const until = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = Math.max(nowMs, next.at);
        next.callback();
      }
      nowMs = until;
    },
  };
}
