import { manualClock, type ManualClock } from './manualClock.js';

/** Longer than any back-off, shorter than any deadline. */
const LONGEST_HURRIED_MS = 5000;

/** A manual clock on which a short wait, such as the pause before a retry, is over at once. */
export function hurriedClock(): ManualClock {
  const clock = manualClock();
  return {
    ...clock,
    after(ms, callback) {
      let isOver = false;
      const cancel = clock.after(ms, callback);
      if (ms <= LONGEST_HURRIED_MS) {
        setImmediate(() => {
          if (!isOver) clock.advance(ms);
        });
      }
      return () => {
        isOver = true;
        cancel();
      };
    },
  };
}
