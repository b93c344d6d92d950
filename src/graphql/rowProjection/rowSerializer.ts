import type { ImageModel } from '../models/image.js';

/** What a row shows: names in the answer and the image's fields, in the answer's order. */
export type RowFields = readonly (readonly [key: string, field: keyof ImageModel])[];

/** Fields in a run that are shown by their own names, so that many queries show the same. */
const SHORTEST_RUN = 3;

/** Characters that a piece of a list has at least, save the last: what is longer takes V8 longer to put together. */
const PIECE = 2000;

/** The text of the last run that each image was shown with. */
const shown = new WeakMap<ImageModel, { run: string; text: string }>();

/** Some of a row's fields. */
interface Part {
  /** What divides it from what came before, and its name where it is one field. */
  before: string;
  textOf: (image: ImageModel) => string;
}

/** Writes images as JSON objects of the same fields. */
export class RowText {
  readonly #parts: readonly Part[];

  constructor(fields: RowFields) {
    this.#parts = partsOf(fields);
  }

  of(image: ImageModel): string {
    let text = '';
    for (const { before, textOf } of this.#parts) text += before + textOf(image);
    return `${text}}`;
  }

  /** A JSON array of them, in pieces. */
  *ofAll(images: readonly ImageModel[]): Iterable<string> {
    let text = '[';
    let sign = '';
    for (const image of images) {
      text += sign + this.of(image);
      sign = ',';
      if (text.length < PIECE) continue;
      yield text;
      text = '';
    }
    yield `${text}]`;
  }
}

function partsOf(fields: RowFields): Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < fields.length;) {
    const run = plainRunAt(fields, i);
    const [key = '', field = 'id'] = fields[i] ?? [];
    const sign = i === 0 ? '{' : ',';
    if (run.length >= SHORTEST_RUN) parts.push({ before: sign, textOf: writeRun(run) });
    else parts.push({ before: `${sign}${JSON.stringify(key)}:`, textOf: writeField(field) });
    i += run.length >= SHORTEST_RUN ? run.length : 1;
  }
  return parts;
}

function plainRunAt(fields: RowFields, start: number): (keyof ImageModel)[] {
  const rest = fields.slice(start);
  const end = rest.findIndex(([key, field]) => key !== field);
  return rest.slice(0, end < 0 ? rest.length : end).map(([, field]) => field);
}

const writeField =
  (field: keyof ImageModel) =>
  (image: ImageModel): string =>
    JSON.stringify(image[field]);

function writeRun(fields: readonly (keyof ImageModel)[]): (image: ImageModel) => string {
  const run = fields.join();
  return (image) => {
    const before = shown.get(image);
    if (before?.run === run) return before.text;
    const object = Object.fromEntries(fields.map((field) => [field, image[field]]));
    const text = JSON.stringify(object).slice(1, -1);
    shown.set(image, { run, text });
    return text;
  };
}
