import type { ImageModel } from '../models/image.js';

/** A selected field of a row, in the order of the response. */
export interface RowField {
  /** Its name in the response. */
  key: string;
  name: string;
  /** What is selected of its objects; null for a field of scalars or enum values. */
  fields: Row | null;
}

/** The selection on an object, all of it plain. */
export interface Row {
  typeName: string;
  fields: readonly RowField[];
}

/** Fields under their own names that are worth remembering: other documents select the same. */
const MIN_RUN = 3;

/** In characters: longer texts would take as much memory as the images. */
const MAX_RUN = 4000;

/** In characters: V8 takes longer to build longer texts. */
const MIN_PIECE = 2000;

/** A part of a row: one field, or a run of fields under their own names. */
interface Part {
  /** The punctuation before it, and its key if it is one field. */
  prefix: string;
  textOf: (image: ImageModel) => string;
}

/** Writes images as JSON objects. */
export class RowSerializer {
  /** The text of the last run written of each image. */
  readonly #runs = new WeakMap<ImageModel, { run: string; text: string }>();
  readonly #objects = new ObjectTexts();

  /** A JSON array, in pieces. */
  *list(images: readonly ImageModel[], row: Row): Iterable<string> {
    const parts = this.#partsOf(row);
    let piece = '[';
    let separator = '';
    for (const image of images) {
      piece += separator + write(image, parts);
      separator = ',';
      if (piece.length < MIN_PIECE) continue;
      yield piece;
      piece = '';
    }
    yield `${piece}]`;
  }

  /** One JSON object. */
  row(image: ImageModel, row: Row): string {
    return write(image, this.#partsOf(row));
  }

  #partsOf({ typeName, fields }: Row): Part[] {
    const parts: Part[] = [];
    for (let start = 0; start < fields.length;) {
      const length = runLength(fields, start);
      const part = { typeName, fields: fields.slice(start, start + (length >= MIN_RUN ? length : 1)) };
      const punctuation = start === 0 ? '{' : ',';
      if (length >= MIN_RUN) parts.push({ prefix: punctuation, textOf: this.#writeRun(part) });
      else parts.push(...part.fields.map((field) => fieldPart(punctuation, field, typeName)));
      start += part.fields.length;
    }
    return parts;
  }

  #writeRun(part: Row): Part['textOf'] {
    const run = JSON.stringify(part.fields);
    const segments = segmentsOf(part).map((segment) => this.#writeSegment(segment));
    return (image) => {
      const known = this.#runs.get(image);
      if (known?.run === run) return known.text;
      let text = segments[0]?.(image) ?? '';
      for (let i = 1; i < segments.length; i++) text += `,${segments[i]?.(image) ?? ''}`;
      if (text.length <= MAX_RUN) this.#runs.set(image, { run, text });
      return text;
    };
  }

  /** Writes fields without their braces: one field of objects, or some of scalars. */
  #writeSegment(segment: Row): Part['textOf'] {
    const [field] = segment.fields;
    if (!field?.fields) return (image) => JSON.stringify(project(image, segment)).slice(1, -1);
    const { key, name, fields } = field;
    const prefix = `${JSON.stringify(key)}:`;
    return (image) => prefix + this.#objects.textOf(image[name as keyof ImageModel], fields);
  }
}

/** A field of objects alone, and the scalar fields before, between and after them. */
function segmentsOf({ typeName, fields }: Row): Row[] {
  const segments: { typeName: string; fields: RowField[] }[] = [];
  for (const field of fields) {
    const last = segments.at(-1);
    if (field.fields || !last || last.fields[0]?.fields) segments.push({ typeName, fields: [field] });
    else last.fields.push(field);
  }
  return segments;
}

/** The texts of objects, such as the regions of images, which many images share. */
class ObjectTexts {
  readonly #texts = new WeakMap<object, { row: Row; text: string }>();

  textOf(value: unknown, row: Row): string {
    if (!Array.isArray(value)) return value === null ? 'null' : this.#objectText(value as object, row);
    if (value.length === 0) return '[]';
    let text = `[${this.#objectText(value[0] as object, row)}`;
    for (let i = 1; i < value.length; i++) text += `,${this.#objectText(value[i] as object, row)}`;
    return `${text}]`;
  }

  #objectText(value: object, row: Row): string {
    const known = this.#texts.get(value);
    if (known?.row === row) return known.text;
    const text = JSON.stringify(project(value, row));
    this.#texts.set(value, { row, text });
    return text;
  }
}

function write(image: ImageModel, parts: readonly Part[]): string {
  let text = '';
  for (const part of parts) text += part.prefix + part.textOf(image);
  return `${text}}`;
}

function fieldPart(punctuation: string, { key, name, fields }: RowField, typeName: string): Part {
  const prefix = `${punctuation}${JSON.stringify(key)}:`;
  if (name === '__typename') return { prefix, textOf: () => JSON.stringify(typeName) };
  const field = name as keyof ImageModel;
  return {
    prefix,
    textOf: (image) => JSON.stringify(fields === null ? image[field] : project(image[field], fields)),
  };
}

function runLength(fields: readonly RowField[], start: number): number {
  const end = fields.findIndex(({ key, name }, i) => i >= start && key !== name);
  return (end === -1 ? fields.length : end) - start;
}

/** The selected fields of a model, or of a list of models. */
function project(value: unknown, row: Row): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((each) => project(each, row));
  const object: Record<string, unknown> = {};
  for (const { key, name, fields } of row.fields) {
    const field = name === '__typename' ? row.typeName : (value as Record<string, unknown>)[name];
    object[key] = fields === null ? field : project(field, fields);
  }
  return object;
}
