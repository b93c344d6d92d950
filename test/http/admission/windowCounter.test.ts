import { expect, it } from '@jest/globals';
import { WindowCounter } from '../../../src/http/admission/windowCounter.js';
import { manualClock } from '../../support/manualClock.js';

const start = (maxKeys = 100) => {
  const clock = manualClock(0);
  const counter = new WindowCounter({ clock, windowMs: 1000, maxKeys }, (endsAt) => ({ count: 0, endsAt }));
  return { clock, counter };
};

it('counts each key in a window that begins with its first count', () => {
  const { clock, counter } = start();
  expect(counter.add('a', 1)).toEqual({ count: 1, endsAt: 1000 });
  clock.advance(999);
  expect(counter.add('a', 2)).toEqual({ count: 3, endsAt: 1000 });
  expect(counter.add('b', 1)).toEqual({ count: 1, endsAt: 1999 });
  clock.advance(1);
  expect(counter.get('a')).toBeUndefined();
  expect(counter.get('b')).toEqual({ count: 1, endsAt: 1999 });
  expect(counter.add('a', 1)).toEqual({ count: 1, endsAt: 2000 });
});

it('evicts the oldest windows of too many keys', () => {
  const { counter } = start(4);
  for (const key of ['a', 'b', 'c', 'a', 'd']) counter.add(key, 1);
  expect(['a', 'b', 'c', 'd'].map((key) => counter.get(key)?.count)).toEqual([2, 1, 1, 1]);
  counter.add('e', 1);
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => counter.get(key)?.count)).toEqual([
    undefined,
    undefined,
    1,
    1,
    1,
  ]);
});
