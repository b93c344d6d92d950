import { manualClock, type ManualClock } from './manualClock.js';

/** Longer than any back-off, shorter than any deadline. */
const LONGEST_HURRIED_MS = 5000;

/**
 * A manual clock on which a short wait, such as the pause before a retry, is over at once. What a timer sets anew
 * as it fires goes on for ever, and is left to the test.
 */
export function hurriedClock(): ManualClock {
  const clock = manualClock();
  let isFiring = false;
  return {
    ...clock,
    after(ms, callback) {
      const isHurried = ms <= LONGEST_HURRIED_MS && !isFiring;
      let isOver = false;
      const cancel = clock.after(ms, () => {
        isOver = true;
        isFiring = true;
        callback();
        isFiring = false;
      });
      if (isHurried) {
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
