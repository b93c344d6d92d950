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

/** An overload past its warm-up. */
function warmOverload(maxLagMs = 150) {
  const busy = busyClock();
  const overload = new Overload(busy.clock, maxLagMs);
  expect(overload.isLate).toBe(false);
  for (let i = 0; i < 300; i++) busy.turn();
  expect(busy.clock.now()).toBeGreaterThanOrEqual(5000);
  return { ...busy, overload };
}

describe('overload', () => {
  it('admits all work while the turns of the event loop are short', () => {
    const { overload, work, turn } = warmOverload();
    for (let i = 0; i < 100; i++) {
      work(100);
      expect(overload.isLate).toBe(false);
      turn();
    }
  });

  it.each([150, 1000, 60_000])(
    'refuses nothing after one pause of %i ms, nor in the turns after it',
    (pauseMs) => {
      const { overload, work, turn } = warmOverload();
      work(pauseMs);
      expect(overload.isLate).toBe(false);
      turn();
      for (let i = 0; i < 50; i++) {
        work(100);
        expect(overload.isLate).toBe(false);
        turn();
      }
    },
  );

  it('refuses nothing for pauses that come again and again with idle turns between them', () => {
    const { overload, work, turn } = warmOverload();
    for (let i = 0; i < 50; i++) {
      work(400);
      expect(overload.isLate).toBe(false);
      turn();
      turn();
    }
  });

  it('refuses what is read late in each turn while a queue stands, and no more once it is gone', () => {
    const { overload, work, turn } = warmOverload();
    for (let lateMs = 0; lateMs <= 500; lateMs += 200) {
      work(200);
      expect(overload.isLate).toBe(false);
      turn();
    }
    for (let i = 0; i < 20; i++) {
      work(160);
      expect(overload.isLate).toBe(false);
      work(20);
      expect(overload.isLate).toBe(true);
      turn();
    }
    work(100);
    turn();
    work(400);
    expect(overload.isLate).toBe(false);
  });

  it('refuses nothing for five seconds after the first operation, while the code is cold', () => {
    const { clock, work, turn } = busyClock();
    const overload = new Overload(clock, 150);
    for (let i = 0; i < 100; i++) turn();
    const firstAt = clock.now();
    while (clock.now() < firstAt + 4600) {
      expect(overload.isLate).toBe(false);
      work(300);
      turn();
    }
    work(400);
    turn();
    work(200);
    expect(overload.isLate).toBe(true);
  });

  it('never refuses without a limit', () => {
    const { overload, work, turn } = warmOverload(Infinity);
    for (let i = 0; i < 5; i++) {
      work(1e6);
      turn();
    }
    expect(overload.isLate).toBe(false);
  });

  it('makes the process unready for two seconds after a refusal', () => {
    const { overload, work } = warmOverload();
    overload.noteShed();
    work(1999);
    expect(overload.isOverloaded).toBe(true);
    work(1);
    expect(overload.isOverloaded).toBe(false);
  });
});
