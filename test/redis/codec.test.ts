import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Codec } from '../../src/redis/codec.js';

const [first, second] = [randomBytes(32), randomBytes(32)];
const VALUE = Buffer.from('a secret '.repeat(500));

describe('values in Redis', () => {
  it.each([
    ['without a key', new Codec()],
    ['encrypted', new Codec([first])],
  ])('decode to what was encoded, %s', async (_, codec) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.string(), async (bytes, name) => {
        const value = Buffer.from(bytes);
        expect(await codec.decode(await codec.encode(value, name), name)).toEqual(value);
      }),
    );
  });

  it.each([
    ['without a key', new Codec()],
    ['encrypted', new Codec([first])],
  ])('count as missing when a byte is another, or under another name, %s', async (_, codec) => {
    const encoded = await codec.encode(VALUE, 'name');
    expect(await codec.decode(encoded, 'other')).toBeNull();
    for (let at = 0; at < encoded.length; at++) {
      const damaged = Buffer.from(encoded);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(await codec.decode(damaged, 'name')).toBeNull();
      expect(await codec.decode(encoded.subarray(0, at), 'name')).toBeNull();
    }
  });

  it('are compressed, and hidden by a key', async () => {
    expect((await new Codec().encode(VALUE, 'name')).length).toBeLessThan(VALUE.length / 10);
    const short = Buffer.from('a secret');
    expect((await new Codec().encode(short, 'name')).includes(short)).toBe(true);
    expect((await new Codec([first]).encode(short, 'name')).includes(short)).toBe(false);
  });

  it('are read with all keys and written with the first', async () => {
    const [old, both, renewed] = [new Codec([first]), new Codec([second, first]), new Codec([second])];
    expect(await both.decode(await old.encode(VALUE, 'name'), 'name')).toEqual(VALUE);
    expect(await renewed.decode(await both.encode(VALUE, 'name'), 'name')).toEqual(VALUE);
    expect(await renewed.decode(await old.encode(VALUE, 'name'), 'name')).toBeNull();
  });

  it('are not accepted unencrypted with a key, nor encrypted without one', async () => {
    expect(await new Codec([first]).decode(await new Codec().encode(VALUE, 'name'), 'name')).toBeNull();
    expect(await new Codec().decode(await new Codec([first]).encode(VALUE, 'name'), 'name')).toBeNull();
  });
});
