import DataLoader from 'dataloader';
import { rowError, type LinodeList } from '../linode/api/page.js';

/**
 * Creates a loader that caches a failed batch as the error of each of its keys. DataLoader itself clears it, and the
 * next load would call Linode once more.
 */
export const createBatchLoader = <V>(
  load: (keys: readonly string[]) => Promise<readonly (V | Error)[]>,
  maxBatchSize = Infinity,
): DataLoader<string, V> =>
  new DataLoader<string, V>(
    async (keys) => {
      try {
        return await load(keys);
      } catch (error) {
        return keys.map(() => asError(error));
      }
    },
    { maxBatchSize },
  );

/** The value of each key, null if there is none. */
export const inOrder = <V>(
  keys: readonly string[],
  found: readonly V[],
  keyOf: (value: V) => string,
): (V | null)[] => {
  const byKey = new Map(found.map((value) => [keyOf(value), value]));
  return keys.map((key) => byKey.get(key) ?? null);
};

/** The same for a list that may have rows that cannot be read: an Error for a key that one of them may have. */
export const listInOrder = <V>(
  keys: readonly string[],
  { rows, unreadable }: LinodeList<V>,
  keyOf: (value: V) => string,
  path: string,
): (V | null | Error)[] =>
  inOrder(keys, rows, keyOf).map((found, i) => {
    const row = found === null && unreadable.find(({ id }) => id === null || String(id) === keys[i]);
    return row ? rowError(row, path) : found;
  });

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
