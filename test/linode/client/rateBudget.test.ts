import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { callerOf } from '../../../src/linode/caller.js';
import {
  CALLS_PER_MINUTE,
  Ledger,
  Ledgers,
  retryAfterMs,
  type CallKind,
} from '../../../src/linode/client/rateBudget.js';
import { createTestClient } from '../../support/linodeClient.js';
import { manualClock } from '../../support/manualClock.js';

const MINUTE = 60_000;

describe('a ledger', () => {
  it('books as many calls a minute as it may, and says when the next one is free', () => {
    const clock = manualClock();
    const ledger = new Ledger(clock);
    for (let i = 0; i < CALLS_PER_MINUTE.list; i++) {
      expect(ledger.take('list')).toBe(0);
      clock.advance(1000);
    }
    expect(ledger.left('list')).toBe(0);
    expect(ledger.take('list')).toBe(MINUTE - CALLS_PER_MINUTE.list * 1000);
    expect(ledger.left('view')).toBe(CALLS_PER_MINUTE.view);
    clock.advance(MINUTE - CALLS_PER_MINUTE.list * 1000);
    expect(ledger.take('list')).toBe(0);
  });

  it('never lets more than the limit pass in any minute, whatever is asked for when', () => {
    const aKind = fc.constantFrom<CallKind>('list', 'view', 'other');
    const steps = fc.array(
      fc.record({ afterMs: fc.nat(20_000), kind: aKind, calls: fc.integer({ min: 1, max: 40 }) }),
    );
    fc.assert(
      fc.property(steps, (asked) => {
        const clock = manualClock();
        const ledger = new Ledger(clock);
        const made: { at: number; kind: CallKind }[] = [];
        for (const { afterMs, kind, calls } of asked) {
          clock.advance(afterMs);
          const left = ledger.left(kind);
          const waitMs = ledger.take(kind, calls);
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
        const ledger = new Ledger(clock);
        for (const gap of gaps) {
          clock.advance(gap);
          const waitMs = ledger.take('list');
          if (waitMs === 0) continue;
          clock.advance(waitMs - 1);
          expect(ledger.waitFor('list')).toBe(1);
          clock.advance(1);
          expect(ledger.take('list')).toBe(0);
        }
      }),
    );
  });

  it('pauses after a 429 for as long as that says, and for that kind alone', () => {
    const clock = manualClock();
    const ledger = new Ledger(clock);
    expect(ledger.learn('view', 429, { 'retry-after': '7' })).toBe(7000);
    expect(ledger.waitFor('view')).toBe(7000);
    expect(ledger.left('view')).toBe(0);
    expect(ledger.waitFor('list')).toBe(0);
    clock.advance(7000);
    expect(ledger.take('view')).toBe(0);
  });

  it('pauses a second without Retry-After, doubling to a minute, and from the start after a success', () => {
    const ledger = new Ledger(manualClock());
    const pauses = Array.from({ length: 8 }, () => ledger.learn('view', 429, {}));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    ledger.learn('view', 200, {});
    expect(ledger.learn('view', 429, {})).toBe(1000);
  });

  it('believes no pause beyond ten minutes', () => {
    const ledger = new Ledger(manualClock());
    expect(ledger.learn('view', 429, { 'retry-after': '999999999' })).toBe(10 * MINUTE);
  });

  it('counts with what Linode says is left, by Linode’s own clock', () => {
    const clock = manualClock();
    const ledger = new Ledger(clock);
    const date = 'Mon, 20 May 2024 12:00:30 GMT';
    const reset = String(Date.parse(date) / 1000 + 20);
    ledger.learn('list', 200, { date, 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': reset });
    expect(ledger.left('list')).toBe(2);
    expect([ledger.take('list'), ledger.take('list'), ledger.take('list')]).toEqual([0, 0, 20_000]);
    clock.advance(20_000);
    expect(ledger.take('list')).toBe(0);
  });

  it.each([
    ['no number', 'x', '5'],
    ['a reset in the past', '0', '-5'],
    ['a reset in milliseconds', '0', '1716206430000'],
    ['a reset a day ahead', '0', '86400'],
    ['a negative rest', '-1', '5'],
  ])('believes nothing of %s', (_, remaining, offset) => {
    const ledger = new Ledger(manualClock());
    const date = 'Mon, 20 May 2024 12:00:30 GMT';
    const reset = String(Date.parse(date) / 1000 + Number(offset));
    ledger.learn('list', 200, { date, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset });
    expect(ledger.left('list')).toBe(CALLS_PER_MINUTE.list);
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

describe('the ledgers', () => {
  it('keep callers apart, and forget those that have nothing to tell', () => {
    const clock = manualClock();
    const ledgers = new Ledgers(clock);
    const alice = callerOf('alice');
    ledgers.of(alice).take('list');
    expect(ledgers.of(alice).left('list')).toBe(CALLS_PER_MINUTE.list - 1);
    expect(ledgers.of(callerOf('bob')).left('list')).toBe(CALLS_PER_MINUTE.list);
    for (let i = 0; i < 5000; i++) ledgers.of(callerOf(`caller-${i}`));
    expect(ledgers.of(alice).left('list')).toBe(CALLS_PER_MINUTE.list - 1);
    clock.advance(MINUTE);
    expect(ledgers.of(alice).left('list')).toBe(CALLS_PER_MINUTE.list);
  });

  it('keep what Linode said is left, until that ends', () => {
    const clock = manualClock();
    const ledgers = new Ledgers(clock);
    const alice = callerOf('alice');
    const date = 'Mon, 20 May 2024 12:00:00 GMT';
    const reset = String(Date.parse(date) / 1000 + 90);
    ledgers.of(alice).learn('list', 200, {
      date,
      'x-ratelimit-remaining': '2',
      'x-ratelimit-reset': reset,
    });
    for (let i = 0; i < 5000; i++) ledgers.of(callerOf(`caller-${i}`));
    expect(ledgers.of(alice).left('list')).toBe(2);
    clock.advance(90_000);
    expect(ledgers.of(alice).left('list')).toBe(CALLS_PER_MINUTE.list);
  });

  it.each([null, 'alice'])('are one for all clients of a caller, whatever came between: %s', (token) => {
    const ledgers = new Ledgers(manualClock());
    const { of } = createTestClient('http://127.0.0.1/v4', { ledgers });
    const early = of(token);
    for (let i = 0; i < 5000; i++) ledgers.of(callerOf(`caller-${i}`));
    const late = of(token);
    for (let i = 0; i < 5; i++) early.ledger.take('list');
    for (let i = 0; i < 5; i++) late.ledger.take('list');
    expect([early, late].map(({ ledger }) => CALLS_PER_MINUTE.list - ledger.left('list'))).toEqual([10, 10]);
  });
});
