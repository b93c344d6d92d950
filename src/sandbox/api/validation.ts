import { ApiError, fail, type ErrorEntry } from '../response.js';

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

  text(field: string, maxLength: number, required = false): string | undefined {
    const value = this.#present(field, required);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.fail(field, 'Must be of type String');
    if (value.length < 1 || value.length > maxLength)
      return this.fail(field, `Length must be 1-${maxLength} characters`);
    return value;
  }

  integer(field: string, required = false): number | undefined {
    const value = this.#present(field, required);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value))
      return this.fail(field, 'Must be of type Integer');
    return value;
  }

  boolean(field: string): boolean | undefined {
    const value = this.#present(field, false);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.fail(field, 'Must be of type Boolean');
  }

  fail(field: string, reason: string): undefined {
    this.#errors.push({ reason, field });
    return undefined;
  }

  #present(field: string, required: boolean): unknown {
    const value = this.fields[field];
    if (value === undefined && required) return this.fail(field, `${field} is required`);
    return value;
  }
}
