import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { EXIT_CODE, UploadFailure } from './exitCode.js';
import type { Reporter } from './reporter.js';
import type { Source } from './source.js';
import { putFile, StorageError } from './storage.js';

const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 1000;

/**
 * Uploads the file; after a broken connection or a 5xx the whole of it again, since a presigned PUT cannot be resumed.
 * A 403 is final: the URL has expired or is invalid.
 * @throws {UploadFailure} exit code 5
 */
export async function sendFile(
  uploadTo: string,
  source: Source,
  dispatcher: Dispatcher,
  report: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const totalBytes = source.bytes;
  const onProgress = (bytes: number): void => {
    report({ event: 'uploading', bytes, totalBytes });
  };
  for (let attempt = 1; ; attempt++) {
    onProgress(0);
    try {
      await putFile({ uploadTo, source, dispatcher, onProgress, signal });
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof StorageError)) throw error;
      const isLast = !error.isRetryable || attempt === MAX_ATTEMPTS || !source.isRepeatable;
      if (isLast) throw new UploadFailure(EXIT_CODE.upload, error.message, { cause: error });
      report({ event: 'retrying', attempt: attempt + 1, reason: error.message });
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}
