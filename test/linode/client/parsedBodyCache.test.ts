import { describe, expect, it, jest } from '@jest/globals';
import { ParsedBodyCache } from '../../../src/linode/client/parsedBodyCache.js';

const parser = () => jest.fn((body: string) => JSON.parse(body) as unknown);

describe('a cache of the last parsed body', () => {
  it('parses an identical body once', () => {
    const [cache, parse] = [new ParsedBodyCache<unknown>(), parser()];
    const first = cache.parse('[1]', parse);
    expect(cache.parse('[1]', parse)).toBe(first);
    expect(parse).toHaveBeenCalledTimes(1);
  });

  it('parses another body, and then caches that one', () => {
    const [cache, parse] = [new ParsedBodyCache<unknown>(), parser()];
    cache.parse('[1]', parse);
    expect(cache.parse('[2]', parse)).toEqual([2]);
    expect(cache.parse('[2]', parse)).toEqual([2]);
    expect(cache.parse('[1]', parse)).toEqual([1]);
    expect(parse).toHaveBeenCalledTimes(3);
  });

  it('keeps its value when another body cannot be parsed', () => {
    const [cache, parse] = [new ParsedBodyCache<unknown>(), parser()];
    const first = cache.parse('[1]', parse);
    expect(() => cache.parse('[1', parse)).toThrow(SyntaxError);
    expect(() => cache.parse('[1', parse)).toThrow(SyntaxError);
    expect(cache.parse('[1]', parse)).toBe(first);
    expect(parse).toHaveBeenCalledTimes(3);
  });
});
