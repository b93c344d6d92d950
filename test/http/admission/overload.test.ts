import { describe, expect, it } from '@jest/globals';
import { Overload } from '../../../src/http/admission/overload.js';
import type { Clock } from '../../../src/clock.js';

/** A clock whose event loop can be held up: what falls due meanwhile runs late, as timers do. */
function busyClock() {
  let nowMs = 0;
  let timer: { at: number; callback: () => void } | undefined;
  const clock: Clock = {
    now: () => nowMs,
    after(ms, callback) {
      timer = { at: nowMs + ms, callback };
      return () => {
        timer = undefined;
      };
    },
  };
  /** Work of the loop's turn, before its timers. */
  const work = (ms: number): void => {
    nowMs += ms;
  };
  const turn = (): void => {
    if (timer && timer.at > nowMs) nowMs = timer.at;
    timer?.callback();
  };
  return { clock, work, turn };
}

describe('overload', () => {
  it('takes all work while the turns of the event loop are short', () => {
    const { clock, work, turn } = busyClock();
    const overload = new Overload(clock, 150);
    for (let i = 0; i < 10; i++) {
      work(100);
      expect(overload.isLate).toBe(false);
      turn();
    }
  });

  it('forgives a single long turn', () => {
    const { clock, work, turn } = busyClock();
    const overload = new Overload(clock, 150);
    work(1000);
    expect(overload.isLate).toBe(false);
    turn();
    work(100);
    expect(overload.isLate).toBe(false);
  });

  it('refuses what is found late in a second long turn, and takes work again in the next one', () => {
    const { clock, work, turn } = busyClock();
    const overload = new Overload(clock, 150);
    work(1000);
    turn();
    work(160);
    expect(overload.isLate).toBe(false);
    work(20);
    expect(overload.isLate).toBe(true);
    turn();
    expect(overload.isLate).toBe(false);
  });

  it('never refuses without a bound', () => {
    const { clock, work, turn } = busyClock();
    const overload = new Overload(clock, Infinity);
    work(1e6);
    turn();
    work(1e6);
    expect(overload.isLate).toBe(false);
  });

  it('tells orchestrators of a refusal for two seconds', () => {
    const { clock, work } = busyClock();
    const overload = new Overload(clock, 150);
    overload.noteShed();
    work(1999);
    expect(overload.isOverloaded).toBe(true);
    work(1);
    expect(overload.isOverloaded).toBe(false);
  });
});
