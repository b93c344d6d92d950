import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Sealer } from '../../src/sessions/sealer.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);

describe('a sealed text', () => {
  it('opens in its own context only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, context, other) => {
        const sealer = new Sealer([OLD]);
        const sealed = sealer.seal(text, context);
        expect(sealer.open(sealed, context)).toBe(text);
        if (other !== context) expect(sealer.open(sealed, other)).toBeUndefined();
      }),
    );
  });

  it('differs each time, and shows nothing of the text or the secret', () => {
    const sealer = new Sealer([OLD]);
    const [one, two] = [sealer.seal('a token', ''), sealer.seal('a token', '')];
    expect(one).not.toBe(two);
    const content = Buffer.from(one.split('.')[2] ?? '', 'base64url').toString('latin1');
    expect(one + content).not.toMatch(/a token|ooo/);
  });

  it('does not open when a character was changed', () => {
    const sealer = new Sealer([OLD]);
    const sealed = sealer.seal('a token', '');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'Az09-_.'), (at, character) => {
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        const opened = sealer.open(changed, '');
        // The last character holds bits that are not part of the bytes.
        if (changed !== sealed && at < sealed.length - 1) expect(opened).toBeUndefined();
      }),
    );
    for (const text of ['', '.', '..', 'v1', 'v1.x.y', sealed.slice(0, 40)]) {
      expect(sealer.open(text, '')).toBeUndefined();
    }
  });

  it('opens with every current secret, and is sealed with the first', () => {
    const before = new Sealer([OLD]);
    const during = new Sealer([NEW, OLD]);
    const after = new Sealer([NEW]);
    expect(during.open(before.seal('x', ''), '')).toBe('x');
    expect(after.open(during.seal('x', ''), '')).toBe('x');
    expect(after.open(before.seal('x', ''), '')).toBeUndefined();
    expect(() => new Sealer([])).toThrow('At least one secret is needed');
  });
});
