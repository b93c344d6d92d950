import { Refusal, refuse, type ApiError } from '../answer.js';

export type Fields = Record<string, unknown>;

/** The request's body as an object; an absent body is an empty one. */
export function parseBody(text: string): Fields {
  if (text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return refuse(400, 'Invalid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse(400, 'Invalid JSON');
  return body as Fields;
}

/** Collects what is wrong with each field, so that all of it is answered at once. */
export class Validation {
  #errors: ApiError[] = [];

  constructor(private readonly fields: Fields) {}

  /** Ends the request with 400 if any field was wrong. */
  done(): void {
    if (this.#errors.length > 0) throw new Refusal(400, this.#errors);
  }

  text(field: string, maxLength: number, needed = false): string | undefined {
    const value = this.#present(field, needed);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.fail(field, 'Must be of type String');
    if (value.length < 1 || value.length > maxLength)
      return this.fail(field, `Length must be 1-${maxLength} characters`);
    return value;
  }

  integer(field: string, needed = false): number | undefined {
    const value = this.#present(field, needed);
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

  #present(field: string, needed: boolean): unknown {
    const value = this.fields[field];
    if (value === undefined && needed) return this.fail(field, `${field} is required`);
    return value;
  }
}
