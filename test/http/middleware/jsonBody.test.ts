import { isUtf8 } from 'node:buffer';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { openRaw } from '../../support/rawConnection.js';

let linode: Sandbox;
let gateway: TestGateway;
let imageId: string;

beforeAll(async () => {
  linode = await startSandbox({ rateLimits: false });
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
  imageId = linode.putImage('alice-full', { description: 'before' }).id;
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

const JSON_TYPE = 'application/json';
const QUERY = '{"query":"{ __typename }"}';
const post = (body: string | Buffer | undefined, headers: Record<string, string> = {}) =>
  fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, authorization: 'Bearer alice-full', ...headers },
    ...(body !== undefined && { body }),
  });
const outcomeOf = async (response: Response): Promise<[number, string | undefined]> => {
  const { errors } = (await response.json()) as { errors?: { message: string }[] };
  return [response.status, errors?.[0]?.message];
};

const MUTATION = `mutation($id: ID!, $description: String!) {
  updateImage(input: { id: $id, description: $description }) { image { description } }
}`;
/** A write whose description has these very bytes. */
const writeOf = (description: Uint8Array): Buffer => {
  const variables = { id: imageId, description: '@@' };
  const [before = '', after = ''] = JSON.stringify({ query: MUTATION, variables }).split('@@');
  return Buffer.concat([Buffer.from(before), description, Buffer.from(after)]);
};
const writes = (): number => linode.count(/^PUT/);

describe('a body that is not UTF-8', () => {
  it.each([
    ['Latin-1', Buffer.from('café', 'latin1')],
    ['Windows-1252', Buffer.from([0x93, 0x61, 0x94])],
    ['a byte of no character', Buffer.from([0xff])],
    ['a continuation byte alone', Buffer.from([0x80])],
    ['a character cut short', Buffer.from([0xe2, 0x82])],
    ['a character cut short within the text', Buffer.from([0xe2, 0x82, 0x61])],
    ['an overlong slash', Buffer.from([0xc0, 0xaf])],
    ['an overlong NUL', Buffer.from([0xc0, 0x80])],
    ['a surrogate (CESU-8)', Buffer.from([0xed, 0xa0, 0x80])],
    ['a pair of surrogates (CESU-8)', Buffer.from([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80])],
    ['a character beyond the last', Buffer.from([0xf4, 0x90, 0x80, 0x80])],
    ['five bytes of one character', Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80])],
  ])('is refused and never written: %s', async (_, bytes) => {
    const before = writes();
    expect(await outcomeOf(await post(writeOf(bytes)))).toEqual([400, 'The body is not valid UTF-8']);
    expect(await outcomeOf(await post(gzipSync(writeOf(bytes)), { 'content-encoding': 'gzip' }))).toEqual([
      400,
      'The body is not valid UTF-8',
    ]);
    expect(writes()).toBe(before);
    expect(linode.image(imageId)?.description).not.toContain('\ufffd');
  });

  it.each(['utf-16le', 'latin1'] as const)('is refused if all of it is %s', async (encoding) => {
    const body = Buffer.from('{"query":"{ __typename }","operationName":"é"}', encoding);
    expect((await post(body)).status).toBe(400);
  });

  it('is the only one that is refused: all other text arrives unchanged', async () => {
    const plain = fc.uint8Array({ minLength: 1, maxLength: 8 });
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((s) => Buffer.from(s));
    const broken = fc.tuple(text, fc.nat(0xff), fc.nat(20)).map(([bytes, byte, at]) => {
      const copy = Buffer.from(bytes);
      copy[at % copy.length] = byte;
      return copy;
    });
    // What JSON would escape, and the space that Linode takes for nothing, are no matter of UTF-8.
    const isPlain = (bytes: Uint8Array): boolean =>
      bytes.every((byte) => byte > 0x20 && byte !== 0x22 && byte !== 0x5c);
    const descriptions = fc.oneof(plain, text, broken).filter(isPlain);
    await fc.assert(
      fc.asyncProperty(descriptions, async (description) => {
        const before = writes();
        const response = await post(writeOf(description));
        if (isUtf8(description)) {
          expect(response.status).toBe(200);
          expect(linode.image(imageId)?.description).toBe(Buffer.from(description).toString());
        } else {
          expect(await outcomeOf(response)).toEqual([400, 'The body is not valid UTF-8']);
          expect(writes()).toBe(before);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is not one that has a byte order mark', async () => {
    expect((await post(`\ufeff${QUERY}`)).status).toBe(200);
  });
});

describe('the charset', () => {
  it.each(['utf-8', 'UTF-8', 'utf8', 'UTF8', '"utf-8"', '"utf8"', '', '""'])(
    '%s is accepted',
    async (charset) => {
      for (const type of [`${JSON_TYPE};charset=${charset}`, `${JSON_TYPE}; charset=${charset}; a=b`]) {
        expect(await outcomeOf(await post(QUERY, { 'content-type': type }))).toEqual([200, undefined]);
      }
    },
  );

  it.each([
    'utf-16',
    'utf-16le',
    'utf-32',
    'utf-7',
    'utf-9',
    'iso-8859-1',
    'Windows-1252',
    'x',
    'utf-8x',
    'utf88',
  ])('%s is named in the refusal', async (charset) => {
    const message = `Charset ${charset} is not supported; use utf-8`;
    for (const type of [`${JSON_TYPE}; charset=${charset}`, `${JSON_TYPE};CHARSET="${charset}"`]) {
      expect(await outcomeOf(await post(QUERY, { 'content-type': type }))).toEqual([415, message]);
    }
  });
});

describe('a refused body names the reason', () => {
  it.each<[string, number, () => Promise<Response>]>([
    [
      'Content-Type text/plain is not supported; use application/json',
      415,
      () => post(QUERY, { 'content-type': 'text/plain' }),
    ],
    [
      'Content-Type application/graphql is not supported; use application/json',
      415,
      () => post('{ __typename }', { 'content-type': 'application/graphql' }),
    ],
    [
      'Content-Type application/x-www-form-urlencoded is not supported; use application/json',
      415,
      () => post('query={}', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    [
      'Content-Type multipart/form-data; boundary=x is not supported; use application/json',
      415,
      () => post('--x', { 'content-type': 'multipart/form-data; boundary=x' }),
    ],
    [
      'Content-Type application/json5 is not supported; use application/json',
      415,
      () => post(QUERY, { 'content-type': 'application/json5' }),
    ],
    [
      'Content-Type ;; is not supported; use application/json',
      415,
      () => post(QUERY, { 'content-type': ';;' }),
    ],
    [
      `Content-Type ${'x'.repeat(100)} is not supported; use application/json`,
      415,
      () => post(QUERY, { 'content-type': 'x'.repeat(1000) }),
    ],
    [
      'Content-Encoding zip is not supported; use gzip, deflate or br',
      415,
      () => post(QUERY, { 'content-encoding': 'zip' }),
    ],
    [
      'Content-Encoding gzip, br is not supported; use gzip, deflate or br',
      415,
      () => post(QUERY, { 'content-encoding': 'gzip, br' }),
    ],
    ['The body is larger than the limit of 512 KB', 413, () => post(`{"query":"${' '.repeat(530_000)}"}`)],
    [
      'The body is larger than the limit of 512 KB',
      413,
      () => post(gzipSync(`{"query":"${' '.repeat(530_000)}"}`), { 'content-encoding': 'gzip' }),
    ],
    ['The body is not valid gzip', 400, () => post(QUERY, { 'content-encoding': 'gzip' })],
    [
      'The body is not valid gzip',
      400,
      () => post(gzipSync(QUERY).subarray(0, -8), { 'content-encoding': 'gzip' }),
    ],
    ['The body is not valid deflate', 400, () => post(QUERY, { 'content-encoding': 'deflate' })],
    ['The body is not valid br', 400, () => post(QUERY, { 'content-encoding': 'br' })],
    ['The body is empty; send a JSON object', 400, () => post('')],
    ['The body is empty; send a JSON object', 400, () => post(undefined)],
    ['The body is empty; send a JSON object', 400, () => post(gzipSync(''), { 'content-encoding': 'gzip' })],
    ['The body is not JSON', 400, () => post('{"query":')],
    ['The body is not JSON', 400, () => post('{} {}')],
    ['The body must be a JSON object', 400, () => post('"{}"')],
    ['The body must be a JSON object', 400, () => post('null')],
    ['The body is an empty object', 400, () => post('{}')],
  ])('%s', async (message, status, send) => {
    expect(await outcomeOf(await send())).toEqual([status, message]);
  });

  it('even if it has no type', async () => {
    const { socket, closed } = openRaw({ gateway });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${QUERY.length}\r\n\r\n${QUERY}`,
    );
    const response = await closed;
    expect(response).toMatch(/^HTTP\/1\.1 415 /);
    expect(response).toContain('"Content-Type is missing; use application/json"');
  });

  it('and one that is accepted may be compressed', async () => {
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const) {
      const response = await post(compress(QUERY), { 'content-encoding': encoding });
      expect([encoding, response.status]).toEqual([encoding, 200]);
    }
  });
});

describe('an offer of HTTP/2', () => {
  it('is ignored', async () => {
    const { socket, closed } = openRaw({ gateway });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n` +
        `HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nContent-Type: ${JSON_TYPE}\r\n` +
        `Content-Length: ${QUERY.length}\r\n\r\n${QUERY}`,
    );
    expect(await closed).toMatch(/^HTTP\/1\.1 200 /);
  });
});
