import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const MANIFEST = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1));

/** As Apollo Server wants it. */
interface DocumentCache {
  get: (key: string) => Promise<string | undefined>;
  set: () => Promise<void>;
  delete: () => Promise<boolean>;
}

/** The operations of a manifest, and no others. */
export class PersistedOperations {
  readonly #documents: ReadonlyMap<string, string>;

  /** @param documents by their SHA-256 in hex */
  constructor(documents: Readonly<Record<string, string>>) {
    this.#documents = new Map(Object.entries(documents));
  }

  /** Whether this text, sent in full, is one of them. */
  allows(document: string): boolean {
    return this.#documents.has(sha256(document));
  }

  /** What Apollo looks hashes up in; nothing can be registered. */
  get cache(): DocumentCache {
    return {
      get: async (key) => this.#documents.get(key.replace(/^apq:/, '')),
      set: async () => undefined,
      delete: async () => false,
    };
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Reads a manifest of documents by their SHA-256, as graphql-codegen's client preset writes it.
 * @throws {Error} in one line, when it can't be read or a hash is not its document's
 */
export function loadPersistedOperations(path: string): PersistedOperations {
  const manifest = MANIFEST.safeParse(readJson(path));
  if (!manifest.success) throw new Error(`${path} is no manifest: it must map SHA-256 hashes to documents`);
  const wrong = Object.entries(manifest.data).find(([hash, document]) => sha256(document) !== hash);
  if (wrong) throw new Error(`${path} is no manifest: ${wrong[0]} is not the SHA-256 of its document`);
  return new PersistedOperations(manifest.data);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as NodeJS.ErrnoException).code;
    throw new Error(`${path} can't be read: ${String(reason)}`, { cause: error });
  }
}
