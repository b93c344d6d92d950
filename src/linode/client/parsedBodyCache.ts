import { hash } from 'node:crypto';

/**
 * What the last answer to a request was read as. Most lists are answered with the very bytes of the time before:
 * those need not be parsed and checked again.
 */
export class ParsedBodyCache<T> {
  #known: { digest: string; value: T } | undefined;

  /** What the last answer was read as; undefined before the first. */
  get value(): T | undefined {
    return this.#known?.value;
  }

  /** The value that this very body was read as, or what `read` makes of it. */
  of(body: string, read: (body: string) => T): T {
    const digest = hash('sha256', body, 'base64');
    if (this.#known?.digest !== digest) this.#known = { digest, value: read(body) };
    return this.#known.value;
  }

  /** Holds an equal value in place of the one that is known. */
  replace(equalOf: (value: T) => T): void {
    if (this.#known) this.#known.value = equalOf(this.#known.value);
  }
}
