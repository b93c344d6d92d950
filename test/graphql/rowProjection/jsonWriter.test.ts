import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonWriter } from '../../../src/graphql/rowProjection/jsonWriter.js';

describe('JsonWriter', () => {
  const writer = new JsonWriter();

  it('writes what JSON.stringify writes, whatever is raw and however it is cut into pieces', () => {
    const value = fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' });
    const raw = fc.tuple(value, fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(value, fc.array(raw, { maxLength: 5 }), (plain, raws) => {
        const given = raws.map(([each, size]) => writer.raw(cut(JSON.stringify(each), size)));
        const written = writer.stringify({ plain, given });
        expect(written.toString()).toBe(`${JSON.stringify({ plain, given: raws.map(([each]) => each) })}\n`);
        expect(typeof written === 'string').toBe(raws.length === 0);
      }),
    );
  });

  it('does not take a value of a client for raw JSON', () => {
    const text = writer.stringify({ raw: writer.raw(['1']), like: 'raw-json-0' }).toString();
    expect(text).toBe('{"raw":1,"like":"raw-json-0"}\n');
  });
});

const cut = (text: string, size: number): string[] => text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
