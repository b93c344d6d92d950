import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { utf8Of } from '../../../src/graphql/rowProjection/utf8.js';

describe('texts written as UTF-8', () => {
  it('are the bytes of one text of them all', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 50 });
    fc.assert(
      fc.property(texts, (given) => {
        expect(utf8Of(given)).toEqual(Buffer.from(given.join('')));
      }),
    );
  });

  it.each([
    ['more than there is room for at first', 'x'.repeat(300_000)],
    ['characters of three bytes each', '€'.repeat(300_000)],
    ['more than is kept room for', '😀'.repeat(1_500_000)],
  ])('may be %s, in one piece or in many', (_, text) => {
    const pieces = text.match(/.{1,7001}/gsu) ?? [];
    expect(utf8Of([text]).equals(Buffer.from(text))).toBe(true);
    expect(utf8Of(pieces).equals(Buffer.from(text))).toBe(true);
  });

  it('are not overwritten by those that come after', () => {
    const first = utf8Of(['one']);
    utf8Of(['two']);
    expect(first.toString()).toBe('one');
  });
});
