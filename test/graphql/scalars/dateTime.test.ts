import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Kind } from 'graphql';
import { DateTime, normalizeDateTime } from '../../../src/graphql/scalars/dateTime.js';

describe('a point in time', () => {
  it.each([
    ['2018-01-02T03:04:05', '2018-01-02T03:04:05Z'],
    ['2018-01-02T03:04:05Z', '2018-01-02T03:04:05Z'],
    ['2018-01-02t03:04:05z', '2018-01-02T03:04:05Z'],
    ['2018-01-02 03:04:05', '2018-01-02T03:04:05Z'],
    ['2018-01-02T03:04:05+00:00', '2018-01-02T03:04:05Z'],
    ['2018-01-02T03:04:05-00:00', '2018-01-02T03:04:05Z'],
    ['2018-01-02T03:04:05+05:30', '2018-01-01T21:34:05Z'],
    ['2017-12-31T23:30:00-01:00', '2018-01-01T00:30:00Z'],
    ['2018-01-02T03:04:05.000Z', '2018-01-02T03:04:05Z'],
    ['2018-01-02T03:04:05.25', '2018-01-02T03:04:05.250Z'],
    ['2018-01-02T03:04:05.123456789+01:00', '2018-01-02T02:04:05.123Z'],
    ['2024-02-29T23:59:59', '2024-02-29T23:59:59Z'],
  ])('%s is %s', (text, expected) => {
    expect(normalizeDateTime(text)).toBe(expected);
    expect(DateTime.parseValue(text)).toBe(expected);
    expect(DateTime.parseLiteral({ kind: Kind.STRING, value: text })).toBe(expected);
  });

  it.each([
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-04-31T00:00:00+02:00',
    '2024-00-01T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T12:60:00Z',
    '2024-01-01T12:00:00+24:00',
    '2024-01-01T12:00:00+0100',
    '2024-01-01T12:00:00.Z',
    '2024-01-01T12:00:00,5Z',
    '2024-01-01T12:00Z',
    '2024-01-01',
    '24-01-01T00:00:00Z',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2024-01-01T00:00:00Z\n',
    ' 2024-01-01T00:00:00Z',
    '２０２４-01-01T00:00:00Z',
    'now',
    '',
  ])('"%s" is none', (text) => {
    expect(normalizeDateTime(text)).toBeUndefined();
    expect(() => DateTime.parseValue(text)).toThrow(/RFC 3339/);
  });

  it.each([1_700_000_000, null, true, {}, ['2024-01-01T00:00:00Z']])('%p is none', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
    );
  });

  it('stays the same instant, and a second time the same text', () => {
    const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(date, offset, (instant, minutes) => {
        const local = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
        const zone = `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
        const text = normalizeDateTime(local + zone);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
        expect(Date.parse(text ?? '')).toBe(instant.getTime());
        expect(normalizeDateTime(text ?? '')).toBe(text);
      }),
    );
  });
});
