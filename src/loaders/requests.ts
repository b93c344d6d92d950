import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Caller } from '../linode/caller.js';
import type { CallTerms, LinodeReads } from '../linode/client/client.js';
import { LinodeForbidden } from '../linode/errors.js';
import { encodeXFilter, isFilterRefused, keysIn, type XFilter } from '../linode/api/xFilter.js';

/** The requests of one operation's loaders to Linode, for everything but images. */
export interface Requests {
  /** Requests one resource. */
  one<T>(call: (linode: LinodeReads, terms: CallTerms) => Promise<T>): Promise<T>;
  /**
   * Requests a list that a token may read as a whole or not at all: once it was forbidden, this operation does not
   * request it any more.
   */
  list<T>(what: string, call: (linode: LinodeReads, terms: CallTerms) => Promise<T>): Promise<T>;
  /**
   * Runs `filtered`, or `whole` if the filter is too long for a header, or if Linode refuses, or has refused, to
   * filter this list by these keys for this caller.
   */
  narrowed<T>(
    what: string,
    filter: XFilter,
    filtered: (xFilter: string) => Promise<T>,
    whole: () => Promise<T>,
  ): Promise<T>;
}

export function createRequests(
  linode: LinodeReads,
  { refusedFilters }: Pick<SharedCatalogs, 'refusedFilters'>,
  caller: Caller,
  { terms }: Pick<Reading, 'terms'>,
): Requests {
  const forbidden = new Map<string, LinodeForbidden>();
  const one: Requests['one'] = (call) => call(linode, terms);

  return {
    one,

    async list(what, call) {
      const refusal = forbidden.get(what);
      if (refusal) throw refusal;
      try {
        return await one(call);
      } catch (error) {
        if (error instanceof LinodeForbidden) forbidden.set(what, error);
        throw error;
      }
    },

    async narrowed(what, filter, filtered, whole) {
      const kind = `${what} by ${[...keysIn(filter)].sort().join()}`;
      const xFilter = refusedFilters.has(caller, kind) ? undefined : encodeXFilter(filter);
      if (xFilter === undefined) return whole();
      try {
        return await filtered(xFilter);
      } catch (error) {
        if (!isFilterRefused(error)) throw error;
        refusedFilters.add(caller, kind);
        return whole();
      }
    },
  };
}
