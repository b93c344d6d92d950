import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { KeptBytes } from '../../src/http/keptBytes.js';

const HEADERS = ['content-type', 'application/json', 'x-request-id', 'first', 'age', '0', 'vary', 'origin'];

const expected = (requestId: string, age: number, date: Date, body: string): string =>
  [
    'HTTP/1.1 200 OK',
    'content-type: application/json',
    'vary: origin',
    `x-request-id: ${requestId}`,
    `age: ${age}`,
    `Date: ${date.toUTCString()}`,
    'Connection: keep-alive',
    'Keep-Alive: timeout=65',
    '',
    body,
  ].join('\r\n');

/** A connection that holds what is written until it is read, without a copy, or takes all at once. */
class Connection extends Writable {
  readonly #bytes: Buffer[] = [];

  constructor(private readonly isSlow: boolean) {
    super();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.#bytes.push(this.isSlow ? chunk : Buffer.from(chunk));
    if (!this.isSlow) done();
  }

  read(): string {
    return Buffer.concat(this.#bytes).toString();
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});

const anAge = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 100_000 }));
const asked = fc.record({
  requestId: fc.stringMatching(/^[\w.-]{1,40}$/),
  age: anAge,
  seconds: fc.nat({ max: 2 }),
  isSlow: fc.boolean(),
});

describe('an answer that is kept', () => {
  it.each([
    ['a small body', '{"data":{"word":"ähnlich"}}'],
    ['a large body', `{"data":{"word":"${'x'.repeat(20_000)}"}}`],
  ])('is each time of its own ID, age and date, whenever it is read: %s', (_, body) => {
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 30 }), (answers) => {
        const kept = new KeptBytes(HEADERS, 3, 5, 65_900, Buffer.from(body));
        const slow: { connection: Connection; text: string }[] = [];
        let now = Date.UTC(2026, 10, 25, 23, 59, 50);
        jest.spyOn(Date, 'now').mockImplementation(() => now);
        for (const { requestId, age, seconds, isSlow } of answers) {
          now += seconds * 1000;
          const connection = new Connection(isSlow);
          kept.writeTo(connection, requestId, age);
          const text = expected(requestId, age, new Date(now), body);
          if (isSlow) slow.push({ connection, text });
          else expect(connection.read()).toBe(text);
        }
        expect(kept.body.toString()).toBe(body);
        for (const { connection, text } of slow) expect(connection.read()).toBe(text);
      }),
    );
  });

  it('leaves nothing behind', () => {
    const kept = new KeptBytes(HEADERS, 3, 5, 65_900, Buffer.from('{}'));
    const connection = new Connection(false);
    const write = jest.spyOn(connection, 'write');
    kept.writeTo(connection, 'one', 1);
    kept.writeTo(connection, 'two', 2);
    const [first, second] = write.mock.calls.map(([bytes]) => bytes as unknown);
    expect(second).toBe(first);
  });
});
