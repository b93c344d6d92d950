const BUFFER_BYTES = 128 * 1024;
/** The most bytes that one UTF-16 unit takes in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** Bytes of whole lines, from `start` to `end`. */
export interface Batch {
  buffer: Buffer;
  start: number;
  end: number;
}

/** Lines as bytes, in buffers that are reused: strings that wait would survive young collections. */
export class LineBuffer {
  /** Full ones, and the one that is being written; the oldest first. */
  readonly #full: Batch[] = [];
  #filling: Batch = empty(BUFFER_BYTES);
  #spare: Buffer | undefined;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(line: string): void {
    const maxBytes = line.length * MAX_BYTES_PER_UNIT;
    if (this.#filling.end + maxBytes > this.#filling.buffer.length) this.#startNext(maxBytes);
    const length = this.#filling.buffer.write(line, this.#filling.end);
    this.#filling.end += length;
    this.#bytes += length;
  }

  /** The oldest lines, to which no more are added; undefined when there are none. */
  oldest(): Batch | undefined {
    if (this.#full.length === 0 && this.#bytes > 0) this.#startNext(0);
    return this.#full[0];
  }

  /** Removes the oldest bytes once they are written; by default the whole oldest batch. */
  remove(bytes = this.#oldestBytes): void {
    const [batch] = this.#full;
    if (!batch) return;
    this.#bytes -= bytes;
    batch.start += bytes;
    if (batch.start < batch.end) return;
    this.#full.shift();
    if (batch.buffer.length === BUFFER_BYTES) this.#spare = batch.buffer;
  }

  get #oldestBytes(): number {
    const [batch] = this.#full;
    return batch ? batch.end - batch.start : 0;
  }

  #startNext(maxBytes: number): void {
    if (this.#filling.end > 0) this.#full.push(this.#filling);
    if (maxBytes > BUFFER_BYTES) {
      this.#filling = empty(maxBytes);
      return;
    }
    this.#filling = this.#spare ? { buffer: this.#spare, start: 0, end: 0 } : empty(BUFFER_BYTES);
    this.#spare = undefined;
  }
}

const empty = (bytes: number): Batch => ({ buffer: Buffer.allocUnsafeSlow(bytes), start: 0, end: 0 });
