import { describe, expect, it } from '@jest/globals';
import { matches } from '../../../src/http/encoding/ifNoneMatch.js';

describe('If-None-Match', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['*', true],
    [' * ', true],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", W/"a"', true],
    ['"b","a"', true],
    ['"b"', false],
    ['a', false],
    ['"A"', false],
    ['"x*"', false],
    ['"a-br"', false],
  ])('%j names "a": %s', (header, isNamed) => {
    expect(matches(header, '"a"')).toBe(isNamed);
  });
});
