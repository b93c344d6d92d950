import type { Socket } from 'node:net';
import type { Clock } from '../../clock.js';

/** What responses that their clients have not read yet may take together; beyond it the oldest are dropped. */
const MAX_UNREAD_BYTES = 128 * 1024 * 1024;

/** A connection, and what it has to be read of the response in turn. */
export interface Reader {
  readonly socket: Socket;
  /** 0 where nothing waits to be read. */
  unreadBytes: number;
  cancelTimeout: () => void;
}

/** Closes connections whose clients do not read a response in time. */
export class SlowReaders {
  /** The oldest first. */
  readonly #readers = new Set<Reader>();
  #unreadBytes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
  ) {}

  /** A response is handed over: from now on its client has `timeoutMs` to read what the kernel has not taken. */
  add(reader: Reader): void {
    this.delete(reader);
    const { socket } = reader;
    if (socket.writableLength === 0 || socket.destroyed) return;
    reader.unreadBytes = socket.writableLength;
    reader.cancelTimeout = this.clock.after(this.timeoutMs, () => socket.destroy());
    this.#readers.add(reader);
    this.#unreadBytes += reader.unreadBytes;
    for (const oldest of this.#readers) {
      if (this.#unreadBytes <= MAX_UNREAD_BYTES || oldest === reader) return;
      this.delete(oldest);
      oldest.socket.destroy();
    }
  }

  /** The response is read, or its client has left. */
  delete(reader: Reader): void {
    if (reader.unreadBytes === 0) return;
    this.#readers.delete(reader);
    reader.cancelTimeout();
    this.#unreadBytes -= reader.unreadBytes;
    reader.unreadBytes = 0;
  }
}
