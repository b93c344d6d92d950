import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { z } from 'zod';

/** SHA-256 with or without its name before it, or the SHA-1 that the client preset takes unless told otherwise. */
const HASH = /^(?:sha256:)?[0-9a-f]{64}$|^[0-9a-f]{40}$/;
const MANIFEST = z.record(z.string().regex(HASH), z.string().min(1));

/** As Apollo Server wants it. */
interface DocumentCache {
  get: (key: string) => Promise<string | undefined>;
  set: () => Promise<void>;
  delete: () => Promise<boolean>;
}

/** The operations of a manifest, and no others. */
export class PersistedOperations {
  readonly #byHash: ReadonlyMap<string, string>;
  readonly #documents: ReadonlySet<string>;

  /** @param documents by their hashes */
  constructor(documents: Readonly<Record<string, string>>) {
    this.#byHash = new Map(Object.entries(documents).map(([hash, document]) => [bare(hash), document]));
    this.#documents = new Set(this.#byHash.values());
  }

  /** Whether this text, sent in full, is one of them. */
  allows(document: string): boolean {
    return this.#documents.has(document);
  }

  /** The names of them all. */
  get names(): string[] {
    return [...this.#documents].flatMap((document) =>
      parse(document).definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
      ),
    );
  }

  /** What Apollo looks hashes up in; nothing can be registered. */
  get cache(): DocumentCache {
    return {
      get: async (key) => this.#byHash.get(bare(key.replace(/^apq:/, ''))),
      set: async () => undefined,
      delete: async () => false,
    };
  }
}

const bare = (hash: string): string => hash.replace(/^sha256:/, '');

const isHashOf = (hash: string, document: string): boolean => {
  const algorithm = bare(hash).length === 40 ? 'sha1' : 'sha256';
  return createHash(algorithm).update(document).digest('hex') === bare(hash);
};

/**
 * Reads a manifest of documents by their hashes, as graphql-codegen's client preset writes it.
 * @throws {Error} in one line, when it can't be read or a hash is not its document's
 */
export function loadPersistedOperations(path: string): PersistedOperations {
  const manifest = MANIFEST.safeParse(readJson(path));
  if (!manifest.success) throw new Error(`${path} is no manifest: it must map hashes to documents`);
  const wrong = Object.entries(manifest.data).find(([hash, document]) => !isHashOf(hash, document));
  if (wrong) throw new Error(`${path} is no manifest: ${wrong[0]} is not the hash of its document`);
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
