import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOnTheCalendar } from '../../src/linode/calendar.js';

const digits = (max: number, width: number): fc.Arbitrary<string> =>
  fc.nat(max).map((n) => String(n).padStart(width, '0'));

describe('a time on the calendar', () => {
  it('is one that a Date writes back unchanged', () => {
    let there = 0;
    let not = 0;
    const day = fc.tuple(digits(9999, 4), digits(13, 2), digits(32, 2)).map((parts) => parts.join('-'));
    const clock = fc.tuple(digits(25, 2), digits(61, 2), digits(61, 2)).map((parts) => parts.join(':'));
    fc.assert(
      fc.property(day, clock, (date, time) => {
        const text = `${date}T${time}`;
        const ms = Date.parse(`${text}Z`);
        const expected = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
        if (expected) there++;
        else not++;
        expect(isOnTheCalendar(text)).toBe(expected);
      }),
      { numRuns: 20_000 },
    );
    expect(Math.min(there, not)).toBeGreaterThan(1000);
  });

  it.each([
    ['2000-02-29', true],
    ['1900-02-29', false],
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2023-02-30', false],
    ['2023-04-31', false],
    ['2023-12-31', true],
    ['2023-00-01', false],
    ['2023-01-00', false],
  ])('%s: %s', (date, is) => {
    expect(isOnTheCalendar(`${date}T23:59:59`)).toBe(is);
  });
});
