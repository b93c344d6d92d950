import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { errorCode } from './errorCode.js';
import { EXIT_CODE, UploadFailure } from './exitCode.js';
import { checkGzip } from './gzipCheck.js';
import { sizeText, type Reporter } from './reporter.js';
import { isGzip, MAX_COMPRESSED_BYTES, MAX_UNCOMPRESSED_BYTES, type Source } from './source.js';

export interface SourceOptions {
  /** A path; `-` is standard input. */
  file: string;
  /** Of standard input, in bytes. */
  size: number | undefined;
  gzip: boolean;
  verify: boolean;
}

/**
 * Opens and checks what is to be uploaded, before anything is created at Linode.
 * @throws {UploadFailure} exit code 3 if Linode would not accept it
 */
export async function openSource(
  options: SourceOptions,
  stdin: Readable,
  report: Reporter,
  signal: AbortSignal,
): Promise<Source> {
  const { file, size, gzip, verify } = options;
  if (file === '-')
    return gzip ? compress('standard input', stdin, report, signal) : fromStdin(stdin, size ?? 0);
  const name = basename(file);
  const { bytes, start } = await inspect(file);
  if (gzip) {
    if (isGzip(start)) throw unfit(`${name} is compressed with gzip already: leave out --gzip`);
    report({ event: 'compressing', file: name, bytes });
    if (bytes > MAX_UNCOMPRESSED_BYTES) throw tooLarge(name, bytes, MAX_UNCOMPRESSED_BYTES);
    return compress(name, createReadStream(file), report, signal);
  }
  if (!isGzip(start)) throw unfit(`${name} is not compressed with gzip, which Linode needs: add --gzip`);
  if (bytes > MAX_COMPRESSED_BYTES) throw tooLarge(name, bytes, MAX_COMPRESSED_BYTES);
  report({ event: 'checking', file: name, bytes });
  if (verify) await checkGzip(name, createReadStream(file), signal);
  return {
    name,
    bytes,
    isRepeatable: true,
    // A file that grows meanwhile must not be sent longer than announced.
    open: () => createReadStream(file, { end: bytes - 1 }),
    dispose: () => Promise.resolve(),
  };
}

async function inspect(file: string): Promise<{ bytes: number; start: Buffer }> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw unfit(`${file} is not a file`);
    if (stats.size === 0) throw unfit(`${file} is empty`);
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return { bytes: stats.size, start: buffer.subarray(0, bytesRead) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UploadFailure) throw error;
    const code = errorCode(error);
    const reason = code === 'ENOENT' ? 'it does not exist' : code === 'EACCES' ? 'permission denied' : code;
    throw new UploadFailure(EXIT_CODE.file, `cannot read ${file}: ${reason}`, { cause: error });
  }
}

/** Only its beginning can be checked: the rest is sent as it arrives. */
async function fromStdin(stdin: Readable, bytes: number): Promise<Source> {
  const name = 'standard input';
  if (bytes > MAX_COMPRESSED_BYTES) throw tooLarge(name, bytes, MAX_COMPRESSED_BYTES);
  const chunks = stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  if (!isGzip(start)) throw unfit(`${name} is not compressed with gzip, which Linode needs: add --gzip`);
  return {
    name,
    bytes,
    isRepeatable: false,
    open: () => Readable.from(joined(start, chunks)),
    dispose: () => Promise.resolve(),
  };
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Compresses to a temporary file, since the storage needs the length beforehand. */
async function compress(
  name: string,
  file: Readable,
  report: Reporter,
  signal: AbortSignal,
): Promise<Source> {
  const directory = await mkdtemp(join(tmpdir(), 'linode-images-upload-'));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const path = join(directory, 'image.gz');
    let read = 0;
    const count = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        read += chunk.length;
        if (read > MAX_UNCOMPRESSED_BYTES) throw tooLarge(name, read, MAX_UNCOMPRESSED_BYTES);
        yield chunk;
      }
    };
    await pipeline(file, count, createGzip(), createWriteStream(path, { mode: 0o600 }), { signal });
    if (read === 0) throw unfit(`${name} is empty`);
    const { size: bytes } = await stat(path);
    if (bytes > MAX_COMPRESSED_BYTES) throw tooLarge(`${name}, compressed,`, bytes, MAX_COMPRESSED_BYTES);
    report({ event: 'checking', file: `${name}, compressed`, bytes });
    return { name, bytes, isRepeatable: true, open: () => createReadStream(path), dispose };
  } catch (error) {
    await dispose();
    if (error instanceof UploadFailure || signal.aborted) throw error;
    throw new UploadFailure(EXIT_CODE.file, `cannot compress ${name}`, { cause: error });
  }
}

const unfit = (message: string): UploadFailure => new UploadFailure(EXIT_CODE.file, message);

const tooLarge = (name: string, bytes: number, max: number): UploadFailure =>
  unfit(`${name} has ${sizeText(bytes)}, and Linode accepts at most ${sizeText(max)}`);
