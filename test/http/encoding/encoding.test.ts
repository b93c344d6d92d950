import { request, type IncomingHttpHeaders } from 'node:http';
import zlib from 'node:zlib';
import { describe, expect, it, jest } from '@jest/globals';
import { startStack } from '../../support/stack.js';
import type { TestGateway, TestGatewayOptions } from '../../support/gateway.js';

const LONG = '{ images(first: 100) { nodes { id label description created } } }';
const SHORT = '{ images(first: 1) { totalCount } }';
/** Sends a mutation's secret: the address to upload to. */
const UPLOAD = `mutation { initiateImageUpload(input: { label: "x", region: "us-east", description: "${'word '.repeat(80)}" }) { uploadTo image { ${['a', 'b', 'c'].map((name) => `${name}: description`).join(' ')} } } }`;

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

interface Asking {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  token?: string | null;
}

/** Sends a query with exactly these headers, and does not decode what comes. */
function ask({ url }: TestGateway, query: string, how: Asking = {}): Promise<Raw> {
  const { method = 'GET', path, headers = {}, token = 'alice-full' } = how;
  const { hostname, port } = new URL(url);
  const target = path ?? (method === 'POST' ? '/graphql' : `/graphql?query=${encodeURIComponent(query)}`);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path: target,
        headers: {
          'content-type': 'application/json',
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(chunks),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' ? JSON.stringify({ query }) : undefined);
  });
}

function decode({ headers, bytes }: Raw): string {
  switch (headers['content-encoding']) {
    case 'br':
      return zlib.brotliDecompressSync(bytes).toString();
    case 'gzip':
      return zlib.gunzipSync(bytes).toString();
    default:
      return bytes.toString();
  }
}

/** The third request is answered from the response cache, where there is one. */
async function askThrice(gateway: TestGateway, query: string, how: Asking = {}): Promise<Raw> {
  for (let i = 0; i < 2; i++) await ask(gateway, query, how);
  return ask(gateway, query, how);
}

describe.each<[string, Partial<TestGatewayOptions>]>([
  ['from the response cache', { responseCache: true }],
  ['from the application', { responseCache: false }],
])('a response %s', (_, options) => {
  const start = (more: Partial<TestGatewayOptions> = {}) => startStack({ gateway: { ...options, ...more } });

  it.each(['br', 'gzip'])('is compressed with %s', async (coding) => {
    const { gateway } = await start();
    const plain = await askThrice(gateway, LONG);
    const encoded = await askThrice(gateway, LONG, { headers: { 'accept-encoding': coding } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(encoded.headers['content-encoding']).toBe(coding);
    expect(encoded.headers['content-length']).toBe(String(encoded.bytes.length));
    expect(encoded.bytes.length).toBeLessThan(plain.bytes.length / 3);
    expect(decode(encoded)).toBe(plain.bytes.toString());
    for (const { headers } of [plain, encoded]) expect(headers.vary).toMatch(/\bAccept-Encoding\b/);
  });

  it('is compressed too when it is long enough for another thread', async () => {
    const { linode, gateway } = await start();
    for (let i = 0; i < 500; i++) linode.putImage('alice-full', { description: 'x'.repeat(150) });
    const query = '{ images(first: 500) { nodes { id label description } } }';
    const how = { method: 'POST', headers: { 'accept-encoding': 'br' } };
    const together = await Promise.all(Array.from({ length: 5 }, () => ask(gateway, query, how)));
    const plain = await askThrice(gateway, query, { method: 'POST' });
    const encoded = await Promise.all(Array.from({ length: 5 }, () => ask(gateway, query, how)));
    expect(plain.bytes.length).toBeGreaterThan(64 * 1024);
    for (const each of [...together, ...encoded]) {
      expect(each.headers['content-encoding']).toBe('br');
      expect(decode(each)).toBe(plain.bytes.toString());
    }
  });

  it('is not compressed below 1 KB, unless the client takes nothing else', async () => {
    const { gateway } = await start();
    const short = await askThrice(gateway, SHORT, { headers: { 'accept-encoding': 'br' } });
    expect(short.headers['content-encoding']).toBeUndefined();
    const forced = await askThrice(gateway, SHORT, { headers: { 'accept-encoding': 'br, identity;q=0' } });
    expect(forced.headers['content-encoding']).toBe('br');
    expect(decode(forced)).toBe(short.bytes.toString());
  });

  it('is refused with 406, before anything is done, where no coding is accepted', async () => {
    const { linode, gateway } = await start();
    for (const query of [LONG, UPLOAD]) {
      const how = { method: 'POST', headers: { 'accept-encoding': 'compress, *;q=0' } };
      expect((await askThrice(gateway, query, how)).status).toBe(406);
    }
    expect(linode.requests).toEqual([]);
  });

  it('is never compressed if it holds a secret, or must not be stored', async () => {
    const { gateway } = await start();
    for (const query of [
      UPLOAD,
      `${LONG.slice(0, -1)} broken: image(id: "linodes/x") { label } nope: linode(id: "0") { label } }`,
    ]) {
      const answer = await ask(gateway, query, {
        method: 'POST',
        headers: { 'accept-encoding': 'gzip, br' },
      });
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['content-encoding']).toBeUndefined();
      expect(answer.headers['etag']).toBeUndefined();
    }
    const upload = await ask(gateway, UPLOAD, {
      method: 'POST',
      headers: { 'accept-encoding': 'br, identity;q=0' },
    });
    expect(upload.bytes.toString()).toContain('"uploadTo":"http');
    expect(upload.bytes.length).toBeGreaterThan(1024);
  });

  it('is as it is with COMPRESSION=false', async () => {
    const { gateway } = await start({ protection: { compression: false } });
    for (const accepted of ['gzip, br', 'br, identity;q=0', '*;q=0']) {
      const { status, headers } = await askThrice(gateway, LONG, {
        headers: { 'accept-encoding': accepted },
      });
      expect([status, headers['content-encoding']]).toEqual([200, undefined]);
      expect(headers.vary).not.toMatch(/encoding/i);
    }
  });

  it('has a strong entity tag by GET, another one for each coding, and none by POST', async () => {
    const { gateway } = await start();
    const tagOf = async (how: Asking) => (await askThrice(gateway, LONG, how)).headers.etag;
    const tags = await Promise.all(
      ['', 'gzip', 'br'].map((coding) => tagOf({ headers: { 'accept-encoding': coding } })),
    );
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]+"$/);
    expect(new Set(tags).size).toBe(3);
    expect(await tagOf({ method: 'POST' })).toBeUndefined();
  });

  it('is 304 without a body while the client has it, and whole once it has changed', async () => {
    const { linode, clock, gateway } = await start();
    const headers = { 'accept-encoding': 'br' };
    const whole = await askThrice(gateway, LONG, { headers });
    const tag = whole.headers.etag ?? '';
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const answer = await ask(gateway, LONG, { headers: { ...headers, 'if-none-match': known } });
      expect([answer.status, answer.bytes.length]).toEqual([304, 0]);
      expect(answer.headers).toMatchObject({
        etag: tag,
        vary: whole.headers.vary,
        'cache-control': whole.headers['cache-control'],
      });
      for (const name of ['content-type', 'content-length', 'content-encoding']) {
        expect(answer.headers[name]).toBeUndefined();
      }
    }
    for (const unknown of ['"x"', tag.replace('-br', '')]) {
      const answer = await ask(gateway, LONG, { headers: { ...headers, 'if-none-match': unknown } });
      expect([answer.status, answer.headers.etag]).toEqual([200, tag]);
    }
    linode.putImage('alice-full', { label: 'a new one' });
    clock.advance(60_000);
    const later = await ask(gateway, LONG, { headers: { ...headers, 'if-none-match': tag } });
    expect(later.status).toBe(200);
    expect(later.headers.etag).not.toBe(tag);
  });

  it('has the same headers by HEAD, and no body', async () => {
    const { gateway } = await start();
    const headers = { 'accept-encoding': 'br', 'x-request-id': 'one' };
    const whole = await askThrice(gateway, LONG, { headers });
    const head = await ask(gateway, LONG, { method: 'HEAD', headers });
    expect(head.bytes.length).toBe(0);
    const undated = ({ headers: sent }: Raw) => ({ ...sent, date: '' });
    expect(undated(head)).toEqual(undated(whole));
    const known = { ...headers, 'if-none-match': whole.headers.etag ?? '' };
    expect((await ask(gateway, LONG, { method: 'HEAD', headers: known })).status).toBe(304);
    expect(gateway.requests.map(({ method }) => method)).toContain('HEAD');
  });

  it('may be served stale by shared caches if it is anonymous, and by none if it is not', async () => {
    const { gateway } = await start();
    const policyOf = async (how: Asking) => (await askThrice(gateway, LONG, how)).headers['cache-control'];
    expect(await policyOf({ token: null })).toBe(
      'public, max-age=60, stale-while-revalidate=60, stale-if-error=600',
    );
    expect(await policyOf({})).toBe('private, max-age=5');
    expect(await policyOf({ method: 'POST', token: null })).toBe('public, max-age=60');
  });
});

describe('compression', () => {
  it('runs once for each coding of a cached response', async () => {
    const { gateway } = await startStack({ gateway: { responseCache: true } });
    const compress = jest.spyOn(zlib, 'brotliCompressSync');
    const how = { headers: { 'accept-encoding': 'br' } };
    await ask(gateway, LONG, how);
    await ask(gateway, LONG, how);
    const before = compress.mock.calls.length;
    expect(before).toBe(2);
    await Promise.all(Array.from({ length: 20 }, () => ask(gateway, LONG, how)));
    expect(compress).toHaveBeenCalledTimes(before);
  });
});
