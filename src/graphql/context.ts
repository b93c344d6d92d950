import type { Reading, Slot } from '../catalog/reading.js';
import type { SharedCatalog, SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Caller } from '../linode/caller.js';
import type { Clock } from '../clock.js';
import type { CallTerms } from '../linode/client/client.js';
import { Loaders } from '../loaders/loaders.js';
import type { OperationRecord } from './operationRecord.js';

/** What one operation's resolvers have at hand. */
export interface GraphQLContext {
  caller: Caller;
  clock: Clock;
  loaders: Loaders;
  /** The terms of its reads, and what they came to. */
  reading: Reading;
  /** The caller's catalog, for writes; ask anew each time. */
  catalog: () => SharedCatalog;
  requestId: string;
  /** Whether the answer lists the upstream calls behind it. */
  explains: boolean;
  /** Told the operation's record: a request without one never became an operation. */
  onObserved: (record: OperationRecord) => void;
}

export interface Asking {
  caller: Caller;
  clock: Clock;
  requestId: string;
  terms: CallTerms;
  maxAgeMs: number | undefined;
  explains: boolean;
  onObserved: (record: OperationRecord) => void;
  /** Its place among the operations under way. */
  slot?: Slot | undefined;
}

export function createContext(catalogs: SharedCatalogs, asking: Asking): GraphQLContext {
  const { caller, clock, requestId, explains, onObserved } = asking;
  const reading = catalogs.reading(asking.terms, asking.maxAgeMs, asking.slot);
  return {
    caller,
    clock,
    requestId,
    explains,
    onObserved,
    reading,
    loaders: new Loaders(catalogs, caller, reading),
    catalog: () => catalogs.of(caller),
  };
}
