import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Turns } from '../../../src/graphql/work/turns.js';

/** Turns of an event loop that the test takes one by one. */
function manualTurns(maxUnits: number) {
  let pending: (() => void)[] = [];
  const turns = new Turns(maxUnits, (callback) => pending.push(callback));
  const next = async (): Promise<void> => {
    const callbacks = pending;
    pending = [];
    for (const callback of callbacks) callback();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { turns, next, isIdle: () => pending.length === 0 };
}

describe('turns of the event loop', () => {
  it('hold no more work than the maximum, or one piece that is larger, in the order of requests', async () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const { turns, next, isIdle } = manualTurns(10);
        const done: number[] = [];
        let turn: number[] = [];
        const run = async (units: number, i: number): Promise<void> => {
          await turns.take(units);
          turn.push(units);
          done.push(i);
        };
        const all = given.map(run);
        await new Promise((resolve) => setImmediate(resolve));
        for (let n = 0; done.length < given.length || !isIdle(); n++) {
          const positive = turn.filter((units) => units > 0);
          expect(positive.reduce((sum, units) => sum + units, 0) <= 10 || positive.length === 1).toBe(true);
          turn = [];
          expect(n).toBeLessThan(100);
          await next();
        }
        await Promise.all(all);
        expect(done).toEqual(given.map((_, i) => i));
      }),
    );
  });

  it('cost no promise while there is room', () => {
    const { turns } = manualTurns(10);
    expect([turns.take(4), turns.take(6)]).toEqual([undefined, undefined]);
    expect(turns.take(1)).toBeInstanceOf(Promise);
  });
});
