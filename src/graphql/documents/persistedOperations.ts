import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { z } from 'zod';

/** SHA-256 with or without its name in front; SHA-1, the client preset's default; MD5, relay-compiler's default. */
const HASH = /^(?:sha256:)?[0-9a-f]{64}$|^[0-9a-f]{40}$|^[0-9a-f]{32}$/;
/** As graphql-codegen's client preset and relay-compiler write it. */
const MAP = z.record(z.string().regex(HASH), z.string().min(1));
/** As `@apollo/generate-persisted-query-manifest` writes it. Its IDs need not be hashes. */
const APOLLO = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});

/** The interface of Apollo Server. */
interface DocumentCache {
  get: (key: string) => Promise<string | undefined>;
  set: () => Promise<void>;
  delete: () => Promise<boolean>;
}

/** Allows the operations of a manifest only. */
export class PersistedOperations {
  readonly #byHash: ReadonlyMap<string, string>;
  readonly #documents: ReadonlySet<string>;

  /** @param documents by their hashes */
  constructor(documents: Readonly<Record<string, string>>) {
    this.#byHash = new Map(Object.entries(documents).map(([hash, document]) => [bare(hash), document]));
    this.#documents = new Set(this.#byHash.values());
  }

  /** Whether a document that was sent in full is in the manifest. */
  allows(document: string): boolean {
    return this.#documents.has(document);
  }

  /** The names of all operations. */
  get names(): string[] {
    return [...this.#documents].flatMap((document) =>
      parse(document).definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
      ),
    );
  }

  /** Apollo's cache of hashes; nothing can be registered. */
  get cache(): DocumentCache {
    return {
      get: async (key) => this.#byHash.get(bare(key.replace(/^apq:/, ''))),
      set: async () => undefined,
      delete: async () => false,
    };
  }
}

const bare = (hash: string): string => hash.replace(/^sha256:/, '');

/** By the number of hexadecimal digits. */
const ALGORITHMS: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1' };

const isHashOf = (hash: string, document: string): boolean => {
  const algorithm = ALGORITHMS[bare(hash).length] ?? 'sha256';
  return createHash(algorithm).update(document).digest('hex') === bare(hash);
};

/**
 * Reads a manifest: a map from hashes to documents (graphql-codegen's client preset, relay-compiler), or Apollo's
 * persisted query manifest.
 * @throws {Error} in one line, when it can't be read, a document is not GraphQL or a hash is not its document's
 */
export function loadPersistedOperations(path: string): PersistedOperations {
  const json = readJson(path);
  const apollo = APOLLO.safeParse(json);
  if (apollo.success) {
    return checked(path, Object.fromEntries(apollo.data.operations.map(({ id, body }) => [id, body])));
  }
  const map = MAP.safeParse(json);
  if (!map.success) {
    throw new Error(`${path} is no manifest: it must map hashes to documents, or be Apollo's manifest`);
  }
  const wrong = Object.entries(map.data).find(([hash, document]) => !isHashOf(hash, document));
  if (wrong) throw new Error(`${path} is no manifest: ${wrong[0]} is not the hash of its document`);
  return checked(path, map.data);
}

function checked(path: string, documents: Readonly<Record<string, string>>): PersistedOperations {
  for (const [id, document] of Object.entries(documents)) {
    try {
      parse(document);
    } catch (error) {
      throw new Error(`${path} is no manifest: ${id}: ${(error as Error).message}`, { cause: error });
    }
  }
  return new PersistedOperations(documents);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as NodeJS.ErrnoException).code;
    throw new Error(`${path} can't be read: ${String(reason)}`, { cause: error });
  }
}
