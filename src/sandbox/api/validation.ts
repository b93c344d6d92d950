import type { ApiVersion } from '../world/apiVersion.js';
import { ApiError, fail, type ErrorEntry } from '../response.js';

const MAX_TAGS = 500;
/** The documented minimum of 3 is not enforced. */
const MAX_TAG = 50;

export type Fields = Record<string, unknown>;

/** Parses the body as a JSON object; an empty body is `{}`. Throws 400 for anything else. */
export function parseBody(text: string): Fields {
  if (text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return fail(400, 'Invalid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return fail(400, 'Invalid JSON');
  return body as Fields;
}

/** Validates the fields of a body and collects all errors, so that one response reports them all. */
export class Validation {
  #errors: ErrorEntry[] = [];

  constructor(private readonly fields: Fields) {}

  /** Throws 400 with all errors, if there are any. */
  throwIfInvalid(): void {
    if (this.#errors.length > 0) throw new ApiError(400, this.#errors);
  }

  /** A string of 1 to `maxLength` characters (code points). */
  text(field: string, maxLength: number, required = false): string | undefined {
    const value = this.#present(field, required);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.addError(field, 'Must be of type String');
    const characters = [...value].length;
    if (characters < 1 || characters > maxLength)
      return this.addError(field, `Length must be 1-${maxLength} characters`);
    return value;
  }

  integer(field: string, required = false): number | undefined {
    const value = this.#present(field, required);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value))
      return this.addError(field, 'Must be of type Integer');
    return value;
  }

  /** The tags, sorted and without duplicates. Undefined if absent, or if the API has no tags yet. */
  tags(version: ApiVersion): string[] | undefined {
    const value = version === '4.176' ? undefined : this.#present('tags', false);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.addError('tags', 'Must be of type Array');
    if (value.length > MAX_TAGS) return this.addError('tags', `Must have at most ${MAX_TAGS} items`);
    const tags = new Set<string>();
    value.forEach((tag: unknown, index) => {
      if (typeof tag !== 'string') this.addError(`tags[${index}]`, 'Must be of type String');
      else if (tag === '' || [...tag].length > MAX_TAG) {
        this.addError(`tags[${index}]`, `Length must be 3-${MAX_TAG} characters`);
      } else tags.add(tag);
    });
    return [...tags].sort();
  }

  boolean(field: string): boolean | undefined {
    const value = this.#present(field, false);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.addError(field, 'Must be of type Boolean');
  }

  addError(field: string, reason: string): undefined {
    this.#errors.push({ reason, field });
    return undefined;
  }

  #present(field: string, required: boolean): unknown {
    const value = this.fields[field];
    if (value === undefined && required) return this.addError(field, `${field} is required`);
    return value;
  }
}
