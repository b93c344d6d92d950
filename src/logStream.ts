import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How long lines wait for company, and how long a full pipe is left alone. */
const FLUSH_MS = 50;
const BATCH_CHARACTERS = 16_384;
/** What waits for a reader that stands still; beyond it lines are dropped. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/**
 * Writes lines to a file descriptor in batches and never waits: a reader that stands still, or is gone, must
 * stop neither the event loop nor the end of the process. (pino's own stream sleeps on a full pipe, and tries
 * forever to tell its last lines to a closed one.)
 */
export function logStream(fd: number): DestinationStream {
  let waiting = '';
  let isWriting = false;
  let isBroken = false;
  let timer: NodeJS.Timeout | undefined;

  const later = (): void => {
    timer ??= setTimeout(flush, FLUSH_MS).unref();
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isWriting || isBroken || waiting === '') return;
    const batch = Buffer.from(waiting);
    waiting = '';
    isWriting = true;
    write(fd, batch, (error, written) => {
      isWriting = false;
      const isFull = error?.code === 'EAGAIN';
      if (error && !isFull) isBroken = true;
      else waiting = batch.toString('utf8', isFull ? 0 : written) + waiting;
      if (waiting !== '') later();
    });
  };
  process.on('exit', () => {
    if (isBroken || isWriting || waiting === '') return;
    try {
      writeSync(fd, waiting);
    } catch {
      // Nobody reads, and nobody is left to tell.
    }
  });
  return {
    write(line) {
      if (isBroken || waiting.length > MOST_CHARACTERS) return;
      waiting += line;
      if (waiting.length >= BATCH_CHARACTERS) flush();
      else later();
    },
  };
}
