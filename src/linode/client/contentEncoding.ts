import { promisify } from 'node:util';
import { brotliDecompress, unzip, type InputType } from 'node:zlib';

type Decompress = (body: InputType, options: { maxOutputLength: number }) => Promise<Buffer>;

/** `unzip` reads both formats that servers send as `deflate`, and gzip. */
const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(unzip),
  'x-gzip': promisify(unzip),
  deflate: promisify(unzip),
  br: promisify(brotliDecompress),
};

/**
 * Decompresses a body. The gateway asks for no compression, but a proxy on the way may compress all the same.
 * @param encoding the `Content-Encoding`; undefined if there is none
 * @throws {Error} if the encoding is unknown, the body is corrupt, or it is larger than `maxBytes` when decompressed
 */
export async function decodeBody(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '' || body.length === 0) return body;
  const decompress = DECOMPRESS[name];
  if (!decompress) throw new Error('unknown content encoding');
  return decompress(body, { maxOutputLength: maxBytes });
}
