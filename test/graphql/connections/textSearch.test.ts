import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { searchFor } from '../../../src/graphql/connections/textSearch.js';

/** Texts of few letters, so that long needles match partly and often. */
const periodic = (maxLength: number) =>
  fc
    .tuple(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 }), fc.nat(maxLength))
    .map(([unit, length]) => `${unit}a`.repeat(length).slice(0, length));

describe('a search in text', () => {
  it('finds what String.includes finds, whatever the length of the needle', () => {
    const needle = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.tuple(periodic(400), periodic(400)).map(([a, b]) => `${a}b${b}`),
      periodic(700),
    );
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), periodic(3000));
    fc.assert(
      fc.property(needle, text, fc.nat(3000), (searched, around, at) => {
        for (const each of [around, around.slice(0, at) + searched + around.slice(at)]) {
          expect(searchFor(searched)(each)).toBe(each.includes(searched));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('for a long needle reads each character a bounded number of times', () => {
    const [half, text] = ['a'.repeat(5000), 'a'.repeat(65_000)];
    const isFound = searchFor(`${half}b${half}`);
    const reads = jest.spyOn(String.prototype, 'charCodeAt');
    expect(isFound(text)).toBe(false);
    const count = reads.mock.calls.length;
    reads.mockRestore();
    expect(count).toBeLessThan(5 * text.length);
  });
});
