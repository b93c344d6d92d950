import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { callerOf } from '../../../src/linode/caller.js';
import {
  CALLS_PER_MINUTE,
  RateBudget,
  RateBudgets,
  retryAfterMs,
  type CallKind,
} from '../../../src/linode/client/rateBudget.js';
import { createTestClient } from '../../support/linodeClient.js';
import { manualClock } from '../../support/manualClock.js';

const MINUTE = 60_000;

describe('a rate budget', () => {
  it('books as many calls a minute as it may, and says when the next one is free', () => {
    const clock = manualClock();
    const budget = new RateBudget(clock);
    for (let i = 0; i < CALLS_PER_MINUTE.list; i++) {
      expect(budget.reserve('list')).toBe(0);
      clock.advance(1000);
    }
    expect(budget.remaining('list')).toBe(0);
    expect(budget.reserve('list')).toBe(MINUTE - CALLS_PER_MINUTE.list * 1000);
    expect(budget.remaining('view')).toBe(CALLS_PER_MINUTE.view);
    clock.advance(MINUTE - CALLS_PER_MINUTE.list * 1000);
    expect(budget.reserve('list')).toBe(0);
  });

  it('never lets more than the limit pass in any minute, whatever is asked for when', () => {
    const aKind = fc.constantFrom<CallKind>('list', 'view', 'other');
    const steps = fc.array(
      fc.record({ afterMs: fc.nat(20_000), kind: aKind, calls: fc.integer({ min: 1, max: 40 }) }),
    );
    fc.assert(
      fc.property(steps, (asked) => {
        const clock = manualClock();
        const budget = new RateBudget(clock);
        const made: { at: number; kind: CallKind }[] = [];
        for (const { afterMs, kind, calls } of asked) {
          clock.advance(afterMs);
          const left = budget.remaining(kind);
          const waitMs = budget.reserve(kind, calls);
          expect(waitMs === 0).toBe(calls <= left);
          if (waitMs === 0) for (let i = 0; i < calls; i++) made.push({ at: clock.now(), kind });
        }
        for (const { at, kind } of made) {
          const within = made.filter(
            (other) => other.kind === kind && other.at > at - MINUTE && other.at <= at,
          );
          expect(within.length).toBeLessThanOrEqual(CALLS_PER_MINUTE[kind]);
        }
      }),
    );
  });

  it('can be believed when it says how long to wait', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8000), { minLength: 15, maxLength: 60 }), (gaps) => {
        const clock = manualClock();
        const budget = new RateBudget(clock);
        for (const gap of gaps) {
          clock.advance(gap);
          const waitMs = budget.reserve('list');
          if (waitMs === 0) continue;
          clock.advance(waitMs - 1);
          expect(budget.waitMs('list')).toBe(1);
          clock.advance(1);
          expect(budget.reserve('list')).toBe(0);
        }
      }),
    );
  });

  it('pauses after a 429 for as long as that says, and for that kind alone', () => {
    const clock = manualClock();
    const budget = new RateBudget(clock);
    expect(budget.recordResponse('view', 429, { 'retry-after': '7' })).toBe(7000);
    expect(budget.waitMs('view')).toBe(7000);
    expect(budget.remaining('view')).toBe(0);
    expect(budget.waitMs('list')).toBe(0);
    clock.advance(7000);
    expect(budget.reserve('view')).toBe(0);
  });

  it('pauses a second without Retry-After, doubling to a minute, and from the start after a success', () => {
    const budget = new RateBudget(manualClock());
    const pauses = Array.from({ length: 8 }, () => budget.recordResponse('view', 429, {}));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    budget.recordResponse('view', 200, {});
    expect(budget.recordResponse('view', 429, {})).toBe(1000);
  });

  it('believes no pause beyond ten minutes', () => {
    const budget = new RateBudget(manualClock());
    expect(budget.recordResponse('view', 429, { 'retry-after': '999999999' })).toBe(10 * MINUTE);
  });

  it('counts with what Linode says is left, by Linode’s own clock', () => {
    const clock = manualClock();
    const budget = new RateBudget(clock);
    const date = 'Mon, 20 May 2024 12:00:30 GMT';
    const reset = String(Date.parse(date) / 1000 + 20);
    budget.recordResponse('list', 200, { date, 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': reset });
    expect(budget.remaining('list')).toBe(2);
    expect([budget.reserve('list'), budget.reserve('list'), budget.reserve('list')]).toEqual([0, 0, 20_000]);
    clock.advance(20_000);
    expect(budget.reserve('list')).toBe(0);
  });

  it.each([
    ['no number', 'x', '5'],
    ['a reset in the past', '0', '-5'],
    ['a reset in milliseconds', '0', '1716206430000'],
    ['a reset a day ahead', '0', '86400'],
    ['a negative rest', '-1', '5'],
  ])('believes nothing of %s', (_, remaining, offset) => {
    const budget = new RateBudget(manualClock());
    const date = 'Mon, 20 May 2024 12:00:30 GMT';
    const reset = String(Date.parse(date) / 1000 + Number(offset));
    budget.recordResponse('list', 200, {
      date,
      'x-ratelimit-remaining': remaining,
      'x-ratelimit-reset': reset,
    });
    expect(budget.remaining('list')).toBe(CALLS_PER_MINUTE.list);
  });
});

describe('Retry-After', () => {
  const date = 'Mon, 20 May 2024 12:00:00 GMT';

  it.each([
    ['5', 5000],
    ['0', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['Mon, 20 May 2024 12:00:09 GMT', 9000],
    ['Mon, 20 May 2024 11:59:00 GMT', undefined],
  ])('"%s" is %s ms', (value, expected) => {
    expect(retryAfterMs({ 'retry-after': value, date })).toBe(expected);
  });
});

describe('the rate budgets', () => {
  it('keep callers apart, and forget those that have nothing to tell', () => {
    const clock = manualClock();
    const rateBudgets = new RateBudgets(clock);
    const alice = callerOf('alice');
    rateBudgets.of(alice).reserve('list');
    expect(rateBudgets.of(alice).remaining('list')).toBe(CALLS_PER_MINUTE.list - 1);
    expect(rateBudgets.of(callerOf('bob')).remaining('list')).toBe(CALLS_PER_MINUTE.list);
    for (let i = 0; i < 5000; i++) rateBudgets.of(callerOf(`caller-${i}`));
    expect(rateBudgets.of(alice).remaining('list')).toBe(CALLS_PER_MINUTE.list - 1);
    clock.advance(MINUTE);
    expect(rateBudgets.of(alice).remaining('list')).toBe(CALLS_PER_MINUTE.list);
  });

  it('keep what Linode said is left, until that ends', () => {
    const clock = manualClock();
    const rateBudgets = new RateBudgets(clock);
    const alice = callerOf('alice');
    const date = 'Mon, 20 May 2024 12:00:00 GMT';
    const reset = String(Date.parse(date) / 1000 + 90);
    rateBudgets.of(alice).recordResponse('list', 200, {
      date,
      'x-ratelimit-remaining': '2',
      'x-ratelimit-reset': reset,
    });
    for (let i = 0; i < 5000; i++) rateBudgets.of(callerOf(`caller-${i}`));
    expect(rateBudgets.of(alice).remaining('list')).toBe(2);
    clock.advance(90_000);
    expect(rateBudgets.of(alice).remaining('list')).toBe(CALLS_PER_MINUTE.list);
  });

  it.each([null, 'alice'])('are one for all clients of a caller, whatever came between: %s', (token) => {
    const rateBudgets = new RateBudgets(manualClock());
    const { of } = createTestClient('http://127.0.0.1/v4', { rateBudgets });
    const early = of(token);
    for (let i = 0; i < 5000; i++) rateBudgets.of(callerOf(`caller-${i}`));
    const late = of(token);
    for (let i = 0; i < 5; i++) early.rateBudget.reserve('list');
    for (let i = 0; i < 5; i++) late.rateBudget.reserve('list');
    expect(
      [early, late].map(({ rateBudget }) => CALLS_PER_MINUTE.list - rateBudget.remaining('list')),
    ).toEqual([10, 10]);
  });
});
