import { describe, expect, it } from '@jest/globals';
import { acceptanceOf, CODINGS } from '../../../src/http/encoding/acceptEncoding.js';

const [first] = CODINGS;

describe('Accept-Encoding', () => {
  it.each([
    [undefined, undefined, true],
    ['', undefined, true],
    ['br', 'br', true],
    ['BR', 'br', true],
    ['gzip, deflate, br', 'br', true],
    ['gzip;q=1, br;q=0.5', 'gzip', true],
    ['br;q=0, gzip', 'gzip', true],
    ['gzip;q=0', undefined, true],
    ['deflate, compress', undefined, true],
    ['*', first, true],
    ['*;q=0', undefined, false],
    ['*;q=0, identity', undefined, true],
    ['br, *;q=0', 'br', false],
    ['identity;q=0', undefined, false],
    ['identity;q=0, gzip', 'gzip', false],
    ['identity, gzip;q=0.5', undefined, true],
    ['gzip ; q=0.8 , br ; q=0.9', 'br', true],
    ['gzip;q=none', undefined, true],
    [',,;;q=1,', undefined, true],
  ])('%j prefers %s', (header, coding, identity) => {
    const headers = { ...(header !== undefined && { 'accept-encoding': header }) };
    expect(acceptanceOf({ headers })).toEqual({ coding, identity });
    expect(acceptanceOf({ headers })).toEqual({ coding, identity });
  });

  it('takes zstd where Node has it and the client prefers it', () => {
    const hasZstd = (CODINGS as readonly string[]).includes('zstd');
    const headers = { 'accept-encoding': 'zstd, gzip;q=0.5' };
    expect(acceptanceOf({ headers }).coding).toBe(hasZstd ? 'zstd' : 'gzip');
  });
});
