import type { SharedCatalog } from '../../catalog/sharedCatalogs.js';
import type { CallTerms } from '../../linode/client/client.js';
import type { GraphQLContext } from '../context.js';

/** Writes through the caller's catalog. Reads after it in the same operation fetch again. */
export async function writeImages<T>(
  { catalog, loaders, reading }: GraphQLContext,
  run: (catalog: SharedCatalog, terms: CallTerms) => Promise<T>,
): Promise<T> {
  try {
    return await run(catalog(), reading.terms);
  } finally {
    loaders.images.forget();
    loaders.events.forget();
  }
}
