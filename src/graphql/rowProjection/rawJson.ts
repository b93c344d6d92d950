import { utf8Of } from './utf8.js';

/** A value that is JSON already, in pieces that are read once. Only `stringify` knows what to do with it. */
export class Json {
  constructor(readonly texts: Iterable<string>) {}
}

/** Stands in a text where a value's own shall come; nobody outside can know it, and so nobody can write it. */
const PLACE = `json-${crypto.randomUUID()}`;

const holders = new WeakSet<object>();

/** Notes that there may be `Json` in an answer's data, for `stringify`. */
export function mayHoldJson(data: object): void {
  holders.add(data);
}

/** `JSON.stringify`, with `Json` as it stands, and with a line's end, as Apollo writes answers; with `Json` as UTF-8. */
export function stringify(result: { data?: object | null | undefined }): string | Buffer {
  if (!result.data || !holders.has(result.data)) return `${JSON.stringify(result)}\n`;
  const found: Json[] = [];
  const text = JSON.stringify(result, (_, value: unknown) => {
    if (!(value instanceof Json)) return value;
    found.push(value);
    return PLACE;
  });
  return utf8Of(filled(text.split(`"${PLACE}"`), found));
}

function* filled(between: readonly string[], found: readonly Json[]): Iterable<string> {
  for (const [i, text] of between.entries()) {
    yield text;
    yield* found[i]?.texts ?? [];
  }
  yield '\n';
}
