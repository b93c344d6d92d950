import { describe, expect, it, jest } from '@jest/globals';
import { ParsedBodyCache } from '../../../src/linode/client/parsedBodyCache.js';

const parsed = () => jest.fn((body: string) => JSON.parse(body) as unknown);

describe('a known answer', () => {
  it('is read once while its bytes are the same', () => {
    const [known, read] = [new ParsedBodyCache<unknown>(), parsed()];
    const first = known.of('[1]', read);
    expect(known.of('[1]', read)).toBe(first);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is read anew when they differ, and is then the known one', () => {
    const [known, read] = [new ParsedBodyCache<unknown>(), parsed()];
    known.of('[1]', read);
    expect(known.of('[2]', read)).toEqual([2]);
    expect(known.of('[2]', read)).toEqual([2]);
    expect(known.of('[1]', read)).toEqual([1]);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('stays what it was when one can not be read', () => {
    const [known, read] = [new ParsedBodyCache<unknown>(), parsed()];
    const first = known.of('[1]', read);
    expect(() => known.of('[1', read)).toThrow(SyntaxError);
    expect(() => known.of('[1', read)).toThrow(SyntaxError);
    expect(known.of('[1]', read)).toBe(first);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('may be held as another, equal value', () => {
    const known = new ParsedBodyCache<unknown>();
    const equal = [1];
    known.replace(() => equal);
    known.of('[1]', parsed());
    known.replace(() => equal);
    expect(known.of('[1]', parsed())).toBe(equal);
  });
});
