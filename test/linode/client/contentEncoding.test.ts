import { afterEach, expect, it } from '@jest/globals';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { getImage } from '../../../src/linode/api/images.js';
import { LinodeInvalidResponse, LinodeUnavailable } from '../../../src/linode/errors.js';
import { knownImages } from '../../support/knownImages.js';
import { createTestClient } from '../../support/linodeClient.js';
import { startWireUpstream } from '../../support/wireUpstream.js';
import { wireImage } from '../../support/wireImage.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Views an image whose response has this body and these header lines. */
async function view(status: number, body: Buffer, ...headers: string[]): Promise<unknown> {
  const upstream = await startWireUpstream((socket) => {
    const lines = [`HTTP/1.1 ${status} X`, 'Content-Type: application/json', ...headers];
    socket.write([...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n'));
    socket.write(body);
  });
  const client = createTestClient(upstream.url);
  closers.push(upstream.close, client.close);
  return getImage(client.linode, 'private/7', client.terms(), knownImages()).catch((error: unknown) => error);
}

const image = wireImage({ label: 'b\u00e4se' });
const json = Buffer.from(JSON.stringify(image));

it.each([
  ['gzip', gzipSync(json)],
  ['GZIP', gzipSync(json)],
  ['x-gzip', gzipSync(json)],
  ['deflate', deflateSync(json)],
  ['br', brotliCompressSync(json)],
  ['identity', json],
])('a response in %s, which was not asked for, is read', async (encoding, body) => {
  expect(await view(200, body, `Content-Encoding: ${encoding}`)).toEqual(image);
});

it.each([
  ['that is cut short', 'gzip', gzipSync(json).subarray(0, 60)],
  ['that is not compressed at all', 'gzip', json],
  ['in an unknown encoding', 'zstd', json],
  ['in two encodings', 'gzip, br', gzipSync(json)],
  ['without the header of its format', 'deflate', deflateRawSync(json)],
  ['that is too large when decompressed', 'gzip', gzipSync(Buffer.alloc(50_000_000))],
])('a body %s is invalid', async (_, encoding, body) => {
  const error = await view(200, body, `Content-Encoding: ${encoding}`);
  expect(error).toBeInstanceOf(LinodeInvalidResponse);
  expect((error as Error).message).toBe("Linode's response cannot be decompressed");
});

it('the status decides before a body that cannot be decompressed', async () => {
  expect(await view(500, json, 'Content-Encoding: gzip')).toBeInstanceOf(LinodeUnavailable);
});
