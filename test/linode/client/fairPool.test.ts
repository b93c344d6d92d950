import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairPool, MAX_CALLS_IN_FLIGHT } from '../../../src/linode/client/fairPool.js';
import { LinodeUnavailable } from '../../../src/linode/errors.js';
import { atDepth } from '../../support/depth.js';

const facts = { method: 'GET', path: '/images' };

/** A pool whose calls end when the test says so. */
class Simulation {
  readonly pool = new FairPool();
  readonly running: { caller: string; end: () => void }[] = [];
  ended = 0;

  begin(caller: string, calls = 1): void {
    for (let i = 0; i < calls; i++) {
      const call = () => new Promise<void>((end) => this.running.push({ caller, end }));
      void this.pool.run(caller, facts, call).then(() => this.ended++);
    }
  }

  inFlight(caller?: string): number {
    return this.running.filter((one) => caller === undefined || one.caller === caller).length;
  }

  async end(index: number): Promise<void> {
    const [call] = this.running.splice(index, 1);
    call?.end();
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it.each([1, 6, 12, 40])('with %s callers whose calls hang, another one starts at once', async (callers) => {
  const at = new Simulation();
  for (let i = 0; i < callers; i++) at.begin(`hanging-${i}`, 100);
  await settled();
  expect(at.inFlight()).toBeLessThan(MAX_CALLS_IN_FLIGHT);
  const before = at.inFlight();
  at.begin('healthy', callers <= 12 ? 24 : 1);
  await settled();
  expect(at.inFlight('healthy')).toBe(at.inFlight() - before);
  expect(at.inFlight('healthy')).toBe(callers <= 12 ? 24 : 1);
});

it('one caller alone has 24 calls in flight, and 600 more wait', async () => {
  const at = new Simulation();
  at.begin('alone', 624);
  await settled();
  expect(at.inFlight()).toBe(24);
  await expect(at.pool.run('alone', facts, () => Promise.resolve())).rejects.toThrow(LinodeUnavailable);
  at.begin('other');
  await settled();
  expect(at.inFlight('other')).toBe(1);
});

it('a full pool serves those first that have nothing in flight', async () => {
  const at = new Simulation();
  for (let i = 0; i < 700; i++) at.begin(`caller-${i}`, 3);
  await settled();
  expect(at.inFlight()).toBe(MAX_CALLS_IN_FLIGHT);
  at.begin('late');
  for (let i = 0; i < 700 && at.inFlight('late') === 0; i++) await at.end(0);
  expect(at.inFlight('late')).toBe(1);
  // Its turn came when each of the others had had one more.
  expect(at.ended).toBeLessThanOrEqual(700);
});

it('all calls run, however they come and end, within the bounds', async () => {
  const step = fc.oneof(
    fc.record({ begin: fc.nat({ max: 40 }), calls: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ end: fc.nat() }),
  );
  let full = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
      const at = new Simulation();
      let begun = 0;
      for (const next of steps) {
        if ('end' in next) await at.end(next.end % Math.max(1, at.running.length));
        else {
          at.begin(`caller-${next.begin}`, next.calls);
          begun += next.calls;
          await settled();
        }
        expect(at.inFlight()).toBeLessThanOrEqual(MAX_CALLS_IN_FLIGHT);
        for (let i = 0; i <= 40; i++) expect(at.inFlight(`caller-${i}`)).toBeLessThanOrEqual(24);
        if (at.inFlight() > 200) full++;
      }
      while (at.running.length > 0) await at.end(0);
      expect(at.ended).toBe(begun);
    }),
    { numRuns: atDepth(50, 400) },
  );
  expect(full).toBeGreaterThan(0);
});
