import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How long lines wait for company, and how long a full pipe is left alone. */
const FLUSH_MS = 50;
const BATCH_BYTES = 16 * 1024;
const BUFFER_BYTES = 2 * BATCH_BYTES;
/** How long a write that is under way is waited for when the process ends. */
const LAST_WRITE_MS = 100;
/** The most that one character takes in UTF-8. */
const BYTES_OF_A_CHARACTER = 3;
/** What waits for a reader that stands still; beyond it lines are dropped. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Bytes of whole lines, from `start` to `end`. */
interface Batch {
  buffer: Buffer;
  start: number;
  end: number;
}

/**
 * Writes lines to a file descriptor in batches and never waits: a reader that stands still, or is gone, must
 * stop neither the event loop nor the end of the process. (pino's own stream sleeps on a full pipe, and tries
 * forever to tell its last lines to a closed one.)
 */
export function logStream(fd: number): DestinationStream {
  const lines = new WaitingLines();
  let isWriting = false;
  let isBroken = false;
  let timer: NodeJS.Timeout | undefined;

  const later = (): void => {
    timer ??= setTimeout(flush, FLUSH_MS).unref();
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isWriting || isBroken) return;
    const batch = lines.first();
    if (!batch) return;
    isWriting = true;
    write(fd, batch.buffer, batch.start, batch.end - batch.start, null, (error, written) => {
      isWriting = false;
      if (isBroken) return;
      const isFull = error?.code === 'EAGAIN';
      if (error && !isFull) isBroken = true;
      else if (!isFull) lines.taken(written);
      if (lines.bytes >= BATCH_BYTES && !isFull) flush();
      else if (lines.bytes > 0) later();
    });
  };
  process.on('exit', () => {
    if (isBroken) return;
    isBroken = true;
    if (isWriting) {
      // Another thread writes these, to their end. It gets a moment, so that what follows comes after them.
      pause(LAST_WRITE_MS);
      lines.taken(lines.firstBytes);
    }
    try {
      for (let batch = lines.first(); batch; batch = lines.first())
        lines.taken(writeSync(fd, batch.buffer, batch.start, batch.end - batch.start));
    } catch {
      // Nobody reads, and nobody is left to tell.
    }
  });
  return {
    write(line) {
      if (isBroken || lines.bytes > MOST_BYTES) return;
      lines.add(line);
      if (lines.bytes >= BATCH_BYTES) flush();
      else later();
    },
  };
}

/**
 * Lines as bytes, in buffers that are used again: texts that wait are what young collections would carry from one
 * to the next.
 */
class WaitingLines {
  /** Those that are full, and the one that is being written; the oldest first. */
  readonly #full: Batch[] = [];
  #filling: Batch = empty(BUFFER_BYTES);
  #spare: Buffer | undefined;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(line: string): void {
    const most = line.length * BYTES_OF_A_CHARACTER;
    if (this.#filling.end + most > this.#filling.buffer.length) this.#begin(most);
    const length = this.#filling.buffer.write(line, this.#filling.end);
    this.#filling.end += length;
    this.#bytes += length;
  }

  /** The oldest lines, which nothing is added to any more; undefined when none wait. */
  first(): Batch | undefined {
    if (this.#full.length === 0 && this.#bytes > 0) this.#begin(0);
    return this.#full[0];
  }

  /** How many they are. */
  get firstBytes(): number {
    const batch = this.first();
    return batch ? batch.end - batch.start : 0;
  }

  /** So many of the oldest bytes are written. */
  taken(bytes: number): void {
    const [batch] = this.#full;
    if (!batch) return;
    this.#bytes -= bytes;
    batch.start += bytes;
    if (batch.start < batch.end) return;
    this.#full.shift();
    if (batch.buffer.length === BUFFER_BYTES) this.#spare = batch.buffer;
  }

  #begin(most: number): void {
    if (this.#filling.end > 0) this.#full.push(this.#filling);
    if (most > BUFFER_BYTES) {
      this.#filling = empty(most);
      return;
    }
    this.#filling = this.#spare ? { buffer: this.#spare, start: 0, end: 0 } : empty(BUFFER_BYTES);
    this.#spare = undefined;
  }
}

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const empty = (bytes: number): Batch => ({ buffer: Buffer.allocUnsafeSlow(bytes), start: 0, end: 0 });
