import { Readable } from 'node:stream';
import { request, type Dispatcher } from 'undici';
import { errorCode } from './errorCode.js';
import type { Source } from './source.js';

/** Why the storage did not take the file. */
export class StorageError extends Error {
  constructor(
    message: string,
    /** Whether the whole file may be sent again. */
    readonly isRetryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A connection that takes no byte for so long is aborted. */
const STALL_MS = 60_000;
/** How long the storage may take to respond after the last byte. */
const RESPONSE_TIMEOUT_MS = 300_000;
const MAX_ERROR_TEXT = 10_000;

export interface PutOptions {
  /** A secret: in no message. */
  uploadTo: string;
  source: Source;
  dispatcher: Dispatcher;
  /** Receives how many bytes were handed to the connection. */
  onProgress: (bytes: number) => void;
  signal: AbortSignal;
}

/**
 * Sends the file in one request with its `Content-Length`, in little memory.
 * @throws {StorageError} if the storage does not respond with success
 */
export async function putFile({
  uploadTo,
  source,
  dispatcher,
  onProgress,
  signal,
}: PutOptions): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => {
    stall.abort();
  }, STALL_MS);
  const file = source.open();
  let sent = 0;
  const count = (bytes: number): void => {
    sent += bytes;
    if (sent >= source.bytes) clearTimeout(timer);
    else timer.refresh();
    onProgress(sent);
  };
  try {
    const { statusCode, body } = await request(uploadTo, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(source.bytes) },
      body: Readable.from(counted(file, count), { objectMode: false }),
      signal: AbortSignal.any([signal, stall.signal]),
      dispatcher,
      headersTimeout: RESPONSE_TIMEOUT_MS,
      bodyTimeout: RESPONSE_TIMEOUT_MS,
    });
    const text = (await body.text()).slice(0, MAX_ERROR_TEXT);
    if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, text);
  } catch (error) {
    if (error instanceof StorageError || signal.aborted) throw error;
    throw stall.signal.aborted
      ? new StorageError(`the storage took no data for ${STALL_MS / 1000} s`, true, { cause: error })
      : broken(error, source);
  } finally {
    clearTimeout(timer);
    file.destroy();
  }
}

async function* counted(file: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of file as AsyncIterable<Buffer>) {
    yield chunk;
    onBytes(chunk.length);
  }
}

/** Errors of the storage are XML, as from S3. */
function refusal(status: number, text: string): StorageError {
  const code = /<Code>([\w.]+)<\/Code>/.exec(text)?.[1];
  const message = /<Message>([^<]{1,300})<\/Message>/.exec(text)?.[1];
  const isExpired = /expired/i.test(message ?? '');
  const reason = isExpired ? 'the upload URL has expired' : [code, message].filter(Boolean).join(': ');
  return new StorageError(
    `the storage refused the file with status ${status}${reason === '' ? '' : `: ${reason}`}`,
    status >= 500 || status === 429 || status === 408,
  );
}

function broken(error: unknown, { name }: Source): StorageError {
  const code = errorCode(error);
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') {
    return new StorageError(`${name} does not have the size it was announced with`, false, { cause: error });
  }
  if (['ENOENT', 'EACCES', 'EIO', 'EISDIR'].includes(code)) {
    return new StorageError(`cannot read ${name}: ${code}`, false, { cause: error });
  }
  return new StorageError(`the connection to the storage broke${code === '' ? '' : ` (${code})`}`, true, {
    cause: error,
  });
}
