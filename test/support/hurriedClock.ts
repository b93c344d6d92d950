import { manualClock, type ManualClock } from './manualClock.js';

/** Longer than any back-off, shorter than any deadline. */
const MAX_HURRIED_MS = 5000;

/**
 * A manual clock on which a short wait, such as the pause before a retry, is over at once. A timer that sets
 * another as it fires would run for ever, and is left to the test.
 */
export function hurriedClock(): ManualClock {
  const clock = manualClock();
  let isFiring = false;
  return {
    ...clock,
    after(ms, callback) {
      const isHurried = ms <= MAX_HURRIED_MS && !isFiring;
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
