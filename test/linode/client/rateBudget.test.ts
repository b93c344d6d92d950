import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { IncomingHttpHeaders } from 'node:http';
import {
  DEFAULT_LIMIT,
  DEFAULT_READ_LIMITS,
  LIVE_SHARE,
  MAX_LISTS_PER_MINUTE,
  RateBudget,
  type CallKind,
  type CallPriority,
} from '../../../src/linode/client/rateBudget.js';
import { atDepth } from '../../support/depth.js';
import { manualClock, type ManualClock } from '../../support/manualClock.js';
import { ModelRateLimit } from '../../support/modelRateLimit.js';

const MINUTE = 60_000;
const DATE = 'Mon, 20 May 2024 12:00:30 GMT';

const aKind = fc.constantFrom<CallKind>('list', 'view', 'other', 'write');
const aPriority = fc.constantFrom<CallPriority>('interactive', 'background', 'unknownId', 'live');

/** Reserves as many calls as there are, one by one. */
function drain(budget: RateBudget, kind: CallKind, priority?: CallPriority): number {
  for (let calls = 0; ; calls++) if (budget.reserve(kind, 1, priority).waitMs > 0) return calls;
}

function learned(limit: number): RateBudget {
  const budget = new RateBudget(manualClock());
  budget.recordResponse('view', 200, { 'x-ratelimit-limit': String(limit) });
  return budget;
}

interface Made {
  at: number;
  kind: CallKind;
  isLive?: boolean;
}

/** The most calls within any 60 s. */
function busiest(made: readonly Made[]): number {
  return Math.max(
    0,
    ...made.map(({ at }) => made.filter((other) => other.at > at - MINUTE && other.at <= at).length),
  );
}

describe('without rate limit headers', () => {
  it('no minute has more calls than the fixed limits, whatever is reserved and released when', () => {
    const aStep = fc.record({
      afterMs: fc.nat(1500),
      kind: aKind,
      priority: aPriority,
      calls: fc.integer({ min: 1, max: 90 }),
      unsent: fc.nat(90),
    });
    let refusedWrites = 0;
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 20, maxLength: 60 }), (steps) => {
        const clock = manualClock();
        const budget = new RateBudget(clock);
        let made: Made[] = [];
        for (const { afterMs, kind, priority, calls, unsent } of steps) {
          clock.advance(afterMs);
          const left = budget.remaining(kind, priority);
          const reservation = budget.reserve(kind, calls, priority);
          expect(reservation.waitMs === 0).toBe(calls <= left);
          const recent = made.filter(({ at }) => at > clock.now() - MINUTE);
          if (kind === 'write' && reservation.waitMs > 0) {
            refusedWrites++;
            expect(recent.length + calls).toBeGreaterThan(DEFAULT_LIMIT);
          }
          if (reservation.waitMs > 0) continue;
          const sent = Math.max(0, calls - unsent);
          reservation.release(calls - sent);
          made = made.concat(
            Array.from({ length: sent }, () => ({ at: clock.now(), kind, isLive: priority === 'live' })),
          );
        }
        const of = (kind: CallKind): Made[] => made.filter((one) => one.kind === kind);
        expect(busiest(of('list'))).toBeLessThanOrEqual(MAX_LISTS_PER_MINUTE);
        expect(busiest(of('view'))).toBeLessThanOrEqual(DEFAULT_READ_LIMITS.view);
        expect(busiest(of('other'))).toBeLessThanOrEqual(DEFAULT_READ_LIMITS.other);
        const live = made.filter(({ kind, isLive }) => isLive && kind !== 'write');
        for (const [kind, max] of Object.entries({ list: MAX_LISTS_PER_MINUTE, ...DEFAULT_READ_LIMITS }))
          expect(busiest(live.filter((one) => one.kind === kind))).toBeLessThanOrEqual(max * LIVE_SHARE);
        // Lists are counted among all calls, but none is refused because of the others.
        expect(busiest(made.filter(({ kind }) => kind !== 'list'))).toBeLessThanOrEqual(DEFAULT_LIMIT);
      }),
      { numRuns: 500 },
    );
    // Else the steps would not reach the limit.
    expect(refusedWrites).toBeGreaterThan(10);
  });

  it('the wait that it names is right to the millisecond', () => {
    fc.assert(
      fc.property(
        aKind,
        aPriority,
        fc.array(fc.nat(2000), { minLength: 30, maxLength: 60 }),
        (kind, priority, gaps) => {
          const clock = manualClock();
          const budget = new RateBudget(clock);
          for (const gap of gaps) {
            clock.advance(gap);
            for (let i = 0; i < 20; i++) {
              const { waitMs } = budget.reserve(kind, 1, priority);
              if (waitMs === 0) continue;
              clock.advance(waitMs - 1);
              expect(budget.waitMs(kind, 1, priority)).toBe(1);
              clock.advance(1);
              expect(budget.reserve(kind, 1, priority).waitMs).toBe(0);
            }
          }
        },
      ),
      { numRuns: atDepth(30, 200) },
    );
  });

  it('a call that was not sent costs nothing', () => {
    const budget = new RateBudget(manualClock());
    for (let i = 0; i < 1000; i++) budget.reserve('view').release();
    expect(budget.remaining('view')).toBe(DEFAULT_READ_LIMITS.view);
  });
});

describe('with the limit of Linode’s headers', () => {
  it.each([
    [400, 340],
    [800, 680],
    [1840, 1564],
    [100, 50],
    [1, 1],
  ])('%i calls a minute allow %i reads, and writes the rest', (limit, reads) => {
    const budget = learned(limit);
    expect(drain(budget, 'view') + drain(budget, 'other')).toBe(reads);
    expect(drain(budget, 'write')).toBe(limit - reads);
  });

  it('background reads leave 40 % to others, and views of unknown IDs take a tenth of what views may', () => {
    const budget = learned(400);
    expect(drain(budget, 'view', 'unknownId')).toBe(34);
    expect(drain(budget, 'view', 'background')).toBe(240 - 34);
    expect(drain(budget, 'view', 'unknownId')).toBe(0);
    expect(drain(budget, 'other')).toBe(100);
    expect(drain(budget, 'write')).toBe(60);
  });

  it('lists stay at most 15 a minute, and keep a quarter of a smaller limit free', () => {
    const lists = (limit: string): number => {
      const budget = new RateBudget(manualClock());
      budget.recordResponse('list', 200, { 'x-ratelimit-limit': limit });
      expect(budget.listsPerMinute).toBe(budget.remaining('list'));
      return drain(budget, 'list');
    };
    expect(['20', '800', '8', '1'].map(lists)).toEqual([15, 15, 6, 1]);
  });

  it('the last list of a minute is not taken by refresh-ahead', () => {
    const budget = new RateBudget(manualClock());
    expect(drain(budget, 'list', 'background')).toBe(14);
    expect(drain(budget, 'list')).toBe(1);
  });

  it.each<[string, IncomingHttpHeaders, number]>([
    ['none', {}, DEFAULT_LIMIT],
    ['an empty one', { 'x-ratelimit-limit': '' }, DEFAULT_LIMIT],
    ['0', { 'x-ratelimit-limit': '0' }, DEFAULT_LIMIT],
    ['a negative one', { 'x-ratelimit-limit': '-400' }, DEFAULT_LIMIT],
    ['no number', { 'x-ratelimit-limit': 'many' }, DEFAULT_LIMIT],
    ['a fraction', { 'x-ratelimit-limit': '400.5' }, DEFAULT_LIMIT],
    ['two', { 'x-ratelimit-limit': '400, 20' }, DEFAULT_LIMIT],
    ['a huge one', { 'x-ratelimit-limit': '999999999999' }, 2000],
    ['a larger one', { 'x-ratelimit-limit': '1840' }, 1840],
  ])('a limit of %s: %j', (_, headers, writes) => {
    const budget = new RateBudget(manualClock());
    budget.recordResponse('other', 200, headers);
    expect(drain(budget, 'write')).toBe(writes);
  });

  it('a limit that changes counts at once, and a response without one changes nothing', () => {
    const budget = learned(1840);
    expect(drain(budget, 'view')).toBe(1564);
    budget.recordResponse('view', 200, { 'x-ratelimit-limit': '400' });
    expect([budget.remaining('view'), budget.remaining('write')]).toEqual([0, 0]);
    budget.recordResponse('view', 502, {});
    expect(budget.remaining('view')).toBe(0);
    budget.recordResponse('view', 200, { 'x-ratelimit-limit': '1840' });
    expect([budget.remaining('view'), budget.remaining('write')]).toEqual([0, 276]);
  });
});

describe('with Linode’s windows', () => {
  it('counts with what Linode says is left, by Linode’s own clock', () => {
    const clock = manualClock();
    const budget = new RateBudget(clock);
    const reset = String(Date.parse(DATE) / 1000 + 20);
    budget.recordResponse('list', 200, {
      date: DATE,
      'x-ratelimit-remaining': '2',
      'x-ratelimit-reset': reset,
    });
    expect(budget.remaining('list')).toBe(2);
    const waits = [0, 1, 2].map(() => budget.reserve('list').waitMs);
    expect(waits).toEqual([0, 0, 20_000]);
    clock.advance(20_000);
    expect(budget.reserve('list').waitMs).toBe(0);
  });

  it.each([
    ['no number', 'x', '5'],
    ['a reset in the past', '0', '-5'],
    ['a reset in milliseconds', '0', '1716206430000'],
    ['a reset a day ahead', '0', '86400'],
    ['a negative rest', '-1', '5'],
    ['no reset', '0', 'x'],
  ])('ignores %s', (_, remaining, offset) => {
    const budget = new RateBudget(manualClock());
    const reset = String(Date.parse(DATE) / 1000 + Number(offset));
    const headers = { date: DATE, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset };
    for (const kind of ['list', 'view'] as const) budget.recordResponse(kind, 200, headers);
    expect(budget.remaining('list')).toBe(MAX_LISTS_PER_MINUTE);
    expect(budget.remaining('view')).toBe(DEFAULT_READ_LIMITS.view);
  });

  /** Our calls and those of the token's other clients, as Linode processes them. */
  function simulate(
    limit: number,
    offsetMs: number,
    steps: readonly { afterMs: number; kind: 'view' | 'other' | 'write'; calls: number; foreign: number }[],
    check: (model: ModelRateLimit, budget: RateBudget, kind: CallKind, waitMs: number) => void,
  ): { clock: ManualClock; model: ModelRateLimit } {
    const clock = manualClock();
    const model = new ModelRateLimit(clock, limit, offsetMs);
    const budget = new RateBudget(clock);
    for (const { afterMs, kind, calls, foreign } of steps) {
      clock.advance(afterMs);
      for (let i = 0; i < foreign; i++) model.call();
      for (let i = 0; i < calls; i++) {
        const { waitMs } = budget.reserve(kind);
        check(model, budget, kind, waitMs);
        if (waitMs > 0) continue;
        const { status, headers } = model.call();
        budget.recordResponse(kind, status, headers);
      }
    }
    return { clock, model };
  }

  const aStep = (foreign: number) =>
    fc.record({
      afterMs: fc.nat(6000),
      kind: fc.constantFrom('view' as const, 'other' as const, 'write' as const),
      calls: fc.nat(60),
      foreign: fc.nat(foreign),
    });
  const aLimit = fc.constantFrom(20, 100, 400, 800, 1840);
  const anOffset = fc.integer({ min: -3_600_000, max: 3_600_000 });

  it('a write is refused only if Linode would refuse it, also when other clients use the token', () => {
    let refused = 0;
    fc.assert(
      fc.property(aLimit, anOffset, fc.array(aStep(60), { maxLength: 60 }), (limit, offsetMs, steps) => {
        simulate(limit, offsetMs, steps, (model, _, kind, waitMs) => {
          if (kind !== 'write' || waitMs === 0) return;
          refused++;
          expect(model.wouldAccept).toBe(false);
        });
      }),
      { numRuns: atDepth(60, 500) },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('Linode refuses none of our reads, while no other client uses the token', () => {
    fc.assert(
      fc.property(aLimit, anOffset, fc.array(aStep(0), { maxLength: 60 }), (limit, offsetMs, steps) => {
        const refusals: CallKind[] = [];
        let before = 0;
        simulate(limit, offsetMs, steps, (model, _, kind) => {
          if (model.refused > before) refusals.push(kind);
          before = model.refused;
          if (kind !== 'write') expect(refusals).toEqual([]);
        });
      }),
      { numRuns: atDepth(60, 500) },
    );
  });

  it('reads that would take everything leave 60 writes a minute, and no call is refused by Linode', () => {
    const steps = Array.from({ length: 600 }, (_, i) => [
      { afterMs: 1000, kind: 'write' as const, calls: 1, foreign: 0 },
      { afterMs: 0, kind: i % 2 ? ('view' as const) : ('other' as const), calls: 40, foreign: 0 },
    ]).flat();
    const refused = { view: 0, other: 0, write: 0, list: 0 };
    const { model } = simulate(400, 0, steps, (_, __, kind, waitMs) => {
      if (waitMs > 0) refused[kind]++;
    });
    expect(model.refused).toBe(0);
    expect(refused.write).toBe(0);
    expect(refused.view).toBeGreaterThan(0);
  });

  it('survives any header', () => {
    const aValue = fc.oneof(
      fc.constantFrom('', '0', '-1', '1e9', 'NaN', 'Infinity', '400', '1840', DATE, '99999999999999999999'),
      fc.string(),
      fc.integer().map(String),
    );
    const headers = fc.record(
      {
        date: aValue,
        'retry-after': aValue,
        'x-ratelimit-limit': aValue,
        'x-ratelimit-remaining': aValue,
        'x-ratelimit-reset': aValue,
      },
      { requiredKeys: [] },
    );
    const aResponse = fc.record({ headers, kind: aKind, status: fc.constantFrom(200, 404, 429, 500) });
    fc.assert(
      fc.property(fc.array(aResponse), (responses) => {
        const clock = manualClock();
        const budget = new RateBudget(clock);
        for (const { headers, kind, status } of responses) {
          budget.recordResponse(kind, status, headers);
          for (const each of ['list', 'view', 'other', 'write'] as const) {
            expect(budget.remaining(each)).toBeGreaterThanOrEqual(0);
            expect(budget.remaining(each)).toBeLessThanOrEqual(2000);
            expect(budget.waitMs(each)).toBeLessThanOrEqual(10 * MINUTE);
          }
        }
        clock.advance(10 * MINUTE);
        for (const each of ['list', 'view', 'other', 'write'] as const) expect(budget.waitMs(each)).toBe(0);
      }),
      { numRuns: atDepth(100, 1000) },
    );
  });
});

describe('after a 429', () => {
  it('pauses for as long as Retry-After says, and that kind of calls alone', () => {
    const clock = manualClock();
    const budget = new RateBudget(clock);
    expect(budget.recordResponse('view', 429, { 'retry-after': '7' })).toBe(7000);
    expect(budget.waitMs('view')).toBe(7000);
    expect(budget.remaining('view')).toBe(0);
    expect([budget.waitMs('list'), budget.waitMs('other'), budget.waitMs('write')]).toEqual([0, 0, 0]);
    clock.advance(7000);
    expect(budget.reserve('view').waitMs).toBe(0);
  });

  it('pauses a second without Retry-After, doubling to a minute, and from the start after a success', () => {
    const budget = new RateBudget(manualClock());
    const pauses = Array.from({ length: 8 }, () => budget.recordResponse('view', 429, {}));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    budget.recordResponse('view', 200, {});
    expect(budget.recordResponse('view', 429, {})).toBe(1000);
  });

  it('pauses no longer than ten minutes', () => {
    const budget = new RateBudget(manualClock());
    expect(budget.recordResponse('view', 429, { 'retry-after': '999999999' })).toBe(10 * MINUTE);
  });

  it('takes a Retry-After on another status for what is left of the window', () => {
    const budget = new RateBudget(manualClock());
    expect(budget.recordResponse('view', 200, { 'retry-after': '15' })).toBe(0);
    expect(budget.waitMs('view')).toBe(0);
  });
});
