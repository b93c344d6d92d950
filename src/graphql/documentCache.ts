import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Characters of all kept documents together; parsed, each takes about a hundred times its text in memory. */
const MAX_CHARACTERS = 500_000;

/**
 * Parsed and validated documents by their hashes. Apollo's own cache weighs a document by printing it as JSON, which
 * takes longer than parsing it again, and then allows for ten times as much.
 */
export function createDocumentCache() {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ loc }) => 1 + (loc?.source.body.length ?? 0),
  });
  return {
    get: async (hash: string) => documents.get(hash),
    set: async (hash: string, document: DocumentNode) => void documents.set(hash, document),
    delete: async (hash: string) => documents.delete(hash),
  };
}
