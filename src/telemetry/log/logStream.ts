import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import { LineBuffer } from './lineBuffer.js';

/** How long lines wait to be written together, and how long before a full pipe is tried again. */
const FLUSH_MS = 50;
const BATCH_BYTES = 64 * 1024;
/** How long exit waits for a write in flight. */
const LAST_WRITE_TIMEOUT_MS = 100;
/** Lines that wait for a slow reader; beyond it lines are dropped. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Writes lines to a file descriptor in batches, without blocking: neither a reader that stopped reading nor one that
 * is gone may stop the event loop or the exit of the process. Why not pino's own: docs/adr/0020-log-stream.md.
 */
export function logStream(fd: number): DestinationStream {
  const lines = new LineBuffer();
  let isWriting = false;
  let isBroken = false;
  let timer: NodeJS.Timeout | undefined;

  const flushLater = (): void => {
    timer ??= setTimeout(flush, FLUSH_MS).unref();
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isWriting || isBroken) return;
    const batch = lines.oldest();
    if (!batch) return;
    isWriting = true;
    write(fd, batch.buffer, batch.start, batch.end - batch.start, null, (error, written) => {
      isWriting = false;
      if (isBroken) return;
      const isFull = error?.code === 'EAGAIN';
      if (error && !isFull) isBroken = true;
      else if (!isFull) lines.remove(written);
      if (lines.bytes >= BATCH_BYTES && !isFull) flush();
      else if (lines.bytes > 0) flushLater();
    });
  };
  process.on('exit', () => {
    if (isBroken) return;
    isBroken = true;
    if (isWriting) {
      // Another thread completes this batch. Wait for it, so that the rest comes after it.
      sleep(LAST_WRITE_TIMEOUT_MS);
      lines.remove();
    }
    try {
      for (let batch = lines.oldest(); batch; batch = lines.oldest())
        lines.remove(writeSync(fd, batch.buffer, batch.start, batch.end - batch.start));
    } catch {
      // The reader is full or gone, and there is no time left to wait for it.
    }
  });
  return {
    write(line) {
      if (isBroken || lines.bytes > MAX_BYTES) return;
      lines.add(line);
      if (lines.bytes >= BATCH_BYTES) flush();
      else flushLater();
    },
  };
}

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
