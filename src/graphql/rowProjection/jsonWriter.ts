/** Longer strings are escaped to learn their size; of shorter ones it is taken as if nothing had to be escaped. */
const MAX_UNESCAPED = 1000;

/** A value that is JSON already, in pieces that are generated when they are needed. */
class RawJson {
  #pieces: string[] | undefined;

  constructor(
    private readonly source: Iterable<string>,
    /** Called instead of serializing it. */
    readonly toJSON: (key: string) => string,
  ) {}

  get pieces(): readonly string[] {
    this.measure(Infinity);
    return this.#pieces ?? [];
  }

  /** Its bytes; stops beyond the maximum, and must not be written then. */
  measure(maxBytes: number): number {
    if (this.#pieces) return bytesOf(this.#pieces);
    const pieces: string[] = [];
    let bytes = 0;
    for (const piece of this.source) {
      bytes += Buffer.byteLength(piece);
      if (bytes > maxBytes) return bytes;
      pieces.push(piece);
    }
    this.#pieces = pieces;
    return bytes;
  }
}

/** Writes results that contain raw JSON. */
export class JsonWriter {
  /** Stands in a JSON text for raw JSON; random, so that no value of a client equals it. */
  readonly #placeholder = `raw-json-${crypto.randomUUID()}`;
  /** The raw values that the running `JSON.stringify` has met, in its order. */
  #met: RawJson[] = [];

  /** @param pieces are read once */
  raw(pieces: Iterable<string>): object {
    const value: RawJson = new RawJson(pieces, () => {
      // A replacer would be called for every value of every result.
      this.#met.push(value);
      return this.#placeholder;
    });
    return value;
  }

  /**
   * `JSON.stringify` with a newline, and with raw JSON as it is; then as UTF-8. V8 takes longer to join thousands of
   * pieces into one text, and to encode that. (ADR 7)
   */
  stringify(result: object): string | Buffer {
    this.#met = [];
    const text = `${JSON.stringify(result)}\n`;
    if (this.#met.length === 0) return text;
    const [first = '', ...rest] = text.split(`"${this.#placeholder}"`);
    const met = this.#met;
    return toUtf8([first, ...rest.flatMap((after, i) => [...(met[i]?.pieces ?? []), after])]);
  }
}

/** About how many bytes of JSON a value takes; stops beyond the maximum. Raw JSON counts exactly. */
export function jsonBytes(value: unknown, maxBytes: number): number {
  switch (typeof value) {
    case 'string':
      return stringBytes(value) + 2;
    case 'object':
      if (value === null) return 4;
      if (value instanceof RawJson) return value.measure(maxBytes);
      return memberBytes(value, maxBytes);
    default:
      return String(value).length;
  }
}

const stringBytes = (text: string): number =>
  text.length > MAX_UNESCAPED ? Buffer.byteLength(JSON.stringify(text)) : Buffer.byteLength(text);

function memberBytes(value: object, maxBytes: number): number {
  const members = value as Readonly<Record<string, unknown>>;
  let bytes = 2;
  for (const key of Object.keys(members)) {
    const keyBytes = Array.isArray(value) ? 1 : key.length + 4;
    bytes += keyBytes + jsonBytes(members[key], maxBytes - bytes);
    if (bytes > maxBytes) break;
  }
  return bytes;
}

const bytesOf = (pieces: readonly string[]): number =>
  pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);

function toUtf8(pieces: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(bytesOf(pieces));
  let offset = 0;
  for (const piece of pieces) offset += bytes.write(piece, offset);
  return bytes;
}
