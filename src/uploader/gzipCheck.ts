import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { errorCode } from './errorCode.js';
import { EXIT_CODE, UploadFailure } from './exitCode.js';
import { sizeText } from './reporter.js';
import { MAX_UNCOMPRESSED_BYTES } from './source.js';

/**
 * Decompresses a file once, in little memory: Linode would otherwise find only after the upload that it is damaged or
 * too large.
 * @throws {UploadFailure} exit code 3
 */
export async function checkGzip(name: string, file: Readable, signal: AbortSignal): Promise<void> {
  let bytes = 0;
  const count = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > MAX_UNCOMPRESSED_BYTES) {
        throw new UploadFailure(
          EXIT_CODE.file,
          `${name} has more than ${sizeText(MAX_UNCOMPRESSED_BYTES)} uncompressed, which Linode refuses`,
        );
      }
    }
  };
  try {
    await pipeline(file, createGunzip(), count, { signal });
  } catch (error) {
    if (error instanceof UploadFailure || signal.aborted) throw error;
    if (errorCode(error).startsWith('Z_')) {
      throw new UploadFailure(EXIT_CODE.file, `${name} is no complete gzip file`, { cause: error });
    }
    throw new UploadFailure(EXIT_CODE.file, `cannot read ${name}`, { cause: error });
  }
  if (bytes === 0) throw new UploadFailure(EXIT_CODE.file, `${name} is empty when uncompressed`);
}
