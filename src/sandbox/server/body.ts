import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';

const MAX_TEXT_BYTES = 10 * 1024 * 1024;

/** What the storage needs to know of an uploaded file, whose bytes are discarded. */
export interface UploadBody {
  bytes: number;
  /** Whether the body is a complete gzip file. */
  isGzip: boolean;
  /** Bytes that could be decompressed. */
  unpackedBytes: number;
}

/** Reads the body as text, truncated to 10 MB. */
export async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_TEXT_BYTES) chunks.push(chunk);
  });
  await ended(message);
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads and discards an uploaded file. */
export async function readUpload(message: IncomingMessage): Promise<UploadBody> {
  const gunzip = createGunzip();
  const unpacked = new Promise<boolean>((resolve) => {
    gunzip.once('end', () => resolve(true)).once('error', () => resolve(false));
  });
  let bytes = 0;
  let unpackedBytes = 0;
  gunzip.on('data', (chunk: Buffer) => (unpackedBytes += chunk.length));
  // An error unpipes the body, which must be read to its end all the same.
  gunzip.once('error', () => message.resume());
  message.on('data', (chunk: Buffer) => (bytes += chunk.length)).pipe(gunzip);
  await ended(message).catch((error: unknown) => {
    gunzip.destroy();
    throw error;
  });
  return { bytes, isGzip: bytes > 0 && (await unpacked), unpackedBytes };
}

/** Rejects if the client closes the connection first. */
function ended(message: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    message.on('end', resolve).on('error', reject).on('close', reject);
  });
}
