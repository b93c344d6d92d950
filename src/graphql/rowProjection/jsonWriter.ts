/** A value that is JSON already, in pieces. */
export interface RawJson {
  readonly pieces: readonly string[];
  toJSON(): string;
}

/** Writes results that contain `RawJson`. */
export class JsonWriter {
  /** Stands in a JSON text for a `RawJson`; random, so that no value of a client equals it. */
  readonly #placeholder = `raw-json-${crypto.randomUUID()}`;
  /** Those met by the `JSON.stringify` that runs, in its order. */
  #met: RawJson[] = [];

  raw(pieces: readonly string[]): RawJson {
    const value: RawJson = {
      pieces,
      // A replacer would be called for every value of every result.
      toJSON: () => {
        this.#met.push(value);
        return this.#placeholder;
      },
    };
    return value;
  }

  /**
   * `JSON.stringify` with a newline, and with each `RawJson` as it is; then as UTF-8. V8 takes longer to join
   * thousands of pieces into one text, and to encode that. (ADR 7)
   */
  stringify(result: object): string | Buffer {
    this.#met = [];
    const text = `${JSON.stringify(result)}\n`;
    if (this.#met.length === 0) return text;
    const [first = '', ...rest] = text.split(`"${this.#placeholder}"`);
    const found = this.#met;
    return toUtf8([first, ...rest.flatMap((after, i) => [...(found[i]?.pieces ?? []), after])]);
  }
}

function toUtf8(pieces: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0));
  let offset = 0;
  for (const piece of pieces) offset += bytes.write(piece, offset);
  return bytes;
}
