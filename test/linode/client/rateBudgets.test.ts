import { expect, it } from '@jest/globals';
import { callerOf } from '../../../src/linode/caller.js';
import { MAX_LISTS_PER_MINUTE } from '../../../src/linode/client/rateBudget.js';
import { RateBudgets } from '../../../src/linode/client/rateBudgets.js';
import { createTestClient } from '../../support/linodeClient.js';
import { manualClock } from '../../support/manualClock.js';

const MINUTE = 60_000;
const alice = callerOf('alice');

it('callers have budgets of their own, and idle ones are dropped', () => {
  const clock = manualClock();
  const budgets = new RateBudgets(clock);
  budgets.of(alice).reserve('list');
  expect(budgets.of(alice).remaining('list')).toBe(MAX_LISTS_PER_MINUTE - 1);
  expect(budgets.of(callerOf('bob')).remaining('list')).toBe(MAX_LISTS_PER_MINUTE);
  expect(budgets.listsRemaining).toEqual({
    anonymous: MAX_LISTS_PER_MINUTE,
    authenticated: MAX_LISTS_PER_MINUTE - 1,
  });
  const idle = budgets.of(callerOf('bob'));
  for (let i = 0; i < 5000; i++) budgets.of(callerOf(`caller-${i}`));
  expect(budgets.of(callerOf('bob'))).not.toBe(idle);
  expect(budgets.of(alice).remaining('list')).toBe(MAX_LISTS_PER_MINUTE - 1);
  clock.advance(MINUTE);
  expect(budgets.of(alice).remaining('list')).toBe(MAX_LISTS_PER_MINUTE);
});

it('a budget is not dropped while a window of Linode’s or a pause is under way', () => {
  const clock = manualClock();
  const budgets = new RateBudgets(clock);
  const date = 'Mon, 20 May 2024 12:00:00 GMT';
  const reset = String(Date.parse(date) / 1000 + 90);
  budgets.of(alice).recordResponse('list', 200, {
    date,
    'x-ratelimit-remaining': '2',
    'x-ratelimit-reset': reset,
  });
  budgets.of(callerOf('bob')).recordResponse('write', 429, { 'retry-after': '90' });
  for (let i = 0; i < 5000; i++) budgets.of(callerOf(`caller-${i}`));
  expect(budgets.of(alice).remaining('list')).toBe(2);
  expect(budgets.of(callerOf('bob')).waitMs('write')).toBe(90_000);
  clock.advance(90_000);
  expect(budgets.of(alice).remaining('list')).toBe(MAX_LISTS_PER_MINUTE);
});

it.each([null, 'alice'])('all clients of a caller share its budget, whatever came between: %s', (token) => {
  const rateBudgets = new RateBudgets(manualClock());
  const { of } = createTestClient('http://127.0.0.1/v4', { rateBudgets });
  const early = of(token);
  for (let i = 0; i < 5000; i++) rateBudgets.of(callerOf(`caller-${i}`));
  const late = of(token);
  for (let i = 0; i < 5; i++) early.rateBudget.reserve('list');
  for (let i = 0; i < 5; i++) late.rateBudget.reserve('list');
  const spent = [early, late].map(({ rateBudget }) => MAX_LISTS_PER_MINUTE - rateBudget.remaining('list'));
  expect(spent).toEqual([10, 10]);
  const { anonymous, authenticated } = rateBudgets.listsRemaining;
  expect(token === null ? anonymous : authenticated).toBe(MAX_LISTS_PER_MINUTE - 10);
});
