import { hash } from 'node:crypto';

/** Caches what the last response body was parsed to: most lists come back with an identical body. */
export class ParsedBodyCache<T> {
  #cached: { digest: string; value: T } | undefined;

  /** The cached value if `body` is the one that it was parsed from, else what `parse` returns, which is then cached. */
  parse(body: string, parse: (body: string) => T): T {
    const digest = hash('sha256', body, 'base64');
    if (this.#cached?.digest !== digest) this.#cached = { digest, value: parse(body) };
    return this.#cached.value;
  }
}
