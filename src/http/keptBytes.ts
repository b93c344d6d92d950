import type { Writable } from 'node:stream';

/** Larger bodies are not copied to stand behind their head. */
const MOST_JOINED_BYTES = 16 * 1024;

/** A place in the bytes, and what stands there. */
interface Slot {
  at: number;
  text: string;
}

/**
 * An answer that is given again and again, as node would write it: with the two headers that are each request's own
 * and those that node adds. It lies ready as bytes, in which only what differs is written anew, so that giving it
 * leaves nothing behind.
 */
export class KeptBytes {
  /** Part of the bytes below, where it is joined to them. */
  #body: Buffer;
  /** The head, and a small body. */
  #bytes: Buffer | undefined;
  readonly #requestId: Slot = { at: 0, text: '' };
  readonly #age: Slot = { at: 0, text: '' };
  readonly #date: Slot = { at: 0, text: '' };
  /** What the date and the age were made texts of. */
  #second = NaN;
  #ageSeconds = NaN;

  /** @param headers names and values in turn; those at `requestIdAt` and `ageAt` are filled in */
  constructor(
    private readonly headers: readonly string[],
    private readonly requestIdAt: number,
    private readonly ageAt: number,
    private readonly keepAliveMs: number,
    body: Buffer,
  ) {
    this.#body = body;
  }

  /** The answer without its head. */
  get body(): Buffer {
    return this.#body;
  }

  /** Writes the whole answer to a connection that waits for nothing else to be written. */
  writeTo(connection: Writable, requestId: string, ageSeconds: number): void {
    const bytes = this.#of(requestId, ageSeconds);
    if (this.#isJoined) {
      connection.write(bytes);
    } else {
      connection.cork();
      connection.write(bytes);
      connection.write(this.#body);
      connection.uncork();
    }
    // What has not left yet is read later: these bytes must not be another answer's by then.
    if (connection.writableLength > 0) this.#bytes = undefined;
  }

  get #isJoined(): boolean {
    return this.#body.length <= MOST_JOINED_BYTES;
  }

  #of(requestId: string, ageSeconds: number): Buffer {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#write(this.#date, new Date(second * 1000).toUTCString());
    }
    if (ageSeconds !== this.#ageSeconds) {
      this.#ageSeconds = ageSeconds;
      this.#write(this.#age, ageSeconds.toString());
    }
    this.#write(this.#requestId, requestId);
    return (this.#bytes ??= this.#made());
  }

  /** Writes over what stands there; where the length is another, all must be made anew. */
  #write(slot: Slot, text: string): void {
    if (text.length !== slot.text.length) this.#bytes = undefined;
    slot.text = text;
    this.#bytes?.write(text, slot.at, 'latin1');
  }

  #made(): Buffer {
    const { headers, requestIdAt, ageAt, keepAliveMs } = this;
    const line = (i: number): string => `${headers[i - 1] ?? ''}: `;
    const linesBut = headers.flatMap((value, i) =>
      i % 2 === 1 && i !== requestIdAt && i !== ageAt ? [`${line(i)}${value}\r\n`] : [],
    );
    const parts: (string | Slot)[] = [
      `HTTP/1.1 200 OK\r\n${linesBut.join('')}${line(requestIdAt)}`,
      this.#requestId,
      `\r\n${line(ageAt)}`,
      this.#age,
      '\r\nDate: ',
      this.#date,
      `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`,
    ];
    let head = '';
    for (const part of parts) {
      if (typeof part !== 'string') part.at = head.length;
      head += typeof part === 'string' ? part : part.text;
    }
    const headBytes = Buffer.from(head, 'latin1');
    if (!this.#isJoined) return headBytes;
    const bytes = Buffer.concat([headBytes, this.#body]);
    this.#body = bytes.subarray(head.length);
    return bytes;
  }
}
