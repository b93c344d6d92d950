import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.js';

/** How often a connection is pinged, in ms. One that has not answered the last ping is closed. */
export const PING_MS = 12_000;
/** How long a client may take to close its side, in ms. */
const CLOSE_TIMEOUT_MS = 2000;
/** The longest reason that a close frame holds, in bytes. */
const MAX_REASON_BYTES = 123;

/** One WebSocket: its pings, its end, and the bound on what its client has not read. */
export class SocketLink {
  #isAlive = true;
  #isClosing = false;
  #isSlow = false;
  #cancelPing: () => void = () => undefined;
  #cancelClose: () => void = () => undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly clock: Clock,
    private readonly maxBacklogBytes: number,
  ) {
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.once('close', () => {
      this.#cancelPing();
      this.#cancelClose();
    });
    this.#pingLater();
  }

  /** Whether this side closes the connection. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Whether the client was disconnected because it did not read. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Resolves when the message is handed over to the kernel, so that a slow client gets the newest state next. */
  send(message: string): Promise<void> {
    if (this.socket.readyState !== this.socket.OPEN) return Promise.resolve();
    if (this.socket.bufferedAmount > this.maxBacklogBytes) {
      this.#drop();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      // It fails only when the connection ends, which is handled there.
      this.socket.send(message, () => {
        resolve();
      });
    });
  }

  /** Says why, and waits for the client to close its side, but not for long. */
  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#cancelPing();
    this.socket.close(code, Buffer.from(reason).subarray(0, MAX_REASON_BYTES));
    this.#cancelClose = this.clock.after(CLOSE_TIMEOUT_MS, () => {
      this.socket.terminate();
    });
  }

  #pingLater(): void {
    this.#cancelPing = this.clock.after(PING_MS, () => {
      if (!this.#isAlive) {
        this.#drop();
        return;
      }
      this.#isAlive = false;
      this.socket.ping();
      this.#pingLater();
    });
  }

  #drop(): void {
    this.#isSlow = true;
    this.socket.terminate();
  }
}
