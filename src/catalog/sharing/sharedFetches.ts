import type { CallTerms } from '../../linode/client/client.js';
import type { Moment } from '../sequence.js';

/** What is fetched, and for whom. */
export interface FetchScope {
  callerKey: string;
  /** Whether the caller's writes to images change it: then nothing from before one is shared. */
  changesWithImages: boolean;
  name: string;
}

/** What was fetched, by this process or another, and when that began. */
export interface Fetched<T> {
  value: T;
  began: Moment;
}

/** Fetches once for all processes. */
export interface SharedFetches {
  /**
   * What another process has fetched since a position in the sequence, or is fetching now; else what `fetch` returns.
   * @param began the moment at which `fetch` would begin
   * @throws what `fetch` throws, or the reason of the terms' signal; {LinodeTimeout} past their deadline
   */
  share<T>(
    scope: FetchScope,
    since: number,
    terms: CallTerms,
    began: Moment,
    fetch: () => Promise<T>,
  ): Promise<Fetched<T>>;
}
