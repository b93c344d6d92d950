import type { Reading, Slot } from '../catalog/reading.js';
import type { CancelSignal } from '../cancellation.js';
import type { SharedCatalog, SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import type { Caller } from '../linode/caller.js';
import type { CallTerms } from '../linode/client/client.js';
import type { LinodeEvent } from '../linode/api/events.js';
import type { LinodeList } from '../linode/api/page.js';
import type { LiveImages } from '../live/liveImages.js';
import { Loaders } from '../loaders/loaders.js';
import { ImageModels } from './connections/imageModels.js';
import { CollectionWork, WORK } from './work/collectionWork.js';
import { Turns } from './work/turns.js';
import { RowErrors } from './rowErrors.js';
import type { OperationRecord } from './operationRecord.js';
import type { PreparedSubscription } from './preparedSubscription.js';

/** How a subscription is served; a request that cannot receive a stream has none. */
export interface StreamContext {
  /** Aborts when the subscriber has left. */
  readonly signal: CancelSignal;
  /** Whether the request may not change anything: it is a GET. */
  readonly isReadOnly: boolean;
  /** The subscription, once Apollo has found it valid. */
  prepared?: PreparedSubscription;
}

/** What one operation's resolvers have at hand. */
export interface GraphQLContext {
  caller: Caller;
  clock: Clock;
  loaders: Loaders;
  imageModels: ImageModels;
  /** Slugs of regions that do not store images although they offer Object Storage. */
  imageRegionsExcept: readonly string[];
  /** The CPU work of its filters and orders. */
  work: CollectionWork;
  /** The terms of its reads, and what they came to. */
  reading: Reading;
  /** The caller's catalog, for writes. Call it each time: an idle catalog may have been evicted. */
  catalog: () => SharedCatalog;
  /** Errors of rows that its lists leave out. */
  rowErrors: RowErrors;
  requestId: string;
  /** Follows images for subscriptions. */
  live: LiveImages;
  /** For subscriptions; undefined if the client can receive one response only. */
  stream: StreamContext | undefined;
  /** Whether the response lists the upstream calls behind it. */
  explains: boolean;
  /** Receives the operation's record: a request without one never became an operation. */
  onObserved: (record: OperationRecord) => void;
}

/** What the HTTP request says of an operation. */
export interface OperationRequest {
  caller: Caller;
  requestId: string;
  terms: CallTerms;
  maxAgeMs: number | undefined;
  explains: boolean;
  onObserved: (record: OperationRecord) => void;
  /** Its slot among the operations in flight. */
  slot?: Slot | undefined;
  /** For subscriptions; absent if the client can receive one response only. */
  stream?: StreamContext | undefined;
  /** Events that may concern images, where a subscription's poller has read them. */
  knownEvents?: LinodeList<LinodeEvent> | undefined;
}

export type CreateContext = (request: OperationRequest) => GraphQLContext;

/** What the contexts of all operations share. */
export interface ContextOptions {
  catalogs: SharedCatalogs;
  clock: Clock;
  imageRegionsExcept: readonly string[];
  live: LiveImages;
}

/** Creates the contexts of all operations of a process. */
export function contextFactory({ catalogs, clock, imageRegionsExcept, live }: ContextOptions): CreateContext {
  const imageModels = new ImageModels();
  const turns = new Turns(WORK.maxPerTurn);
  return (request) => {
    const { caller, requestId, explains, onObserved, terms, maxAgeMs, slot, stream, knownEvents } = request;
    const reading = catalogs.reading(terms, maxAgeMs, slot);
    return {
      caller,
      clock,
      requestId,
      explains,
      onObserved,
      reading,
      imageModels,
      imageRegionsExcept,
      work: new CollectionWork(turns),
      rowErrors: new RowErrors(),
      live,
      stream,
      loaders: new Loaders(catalogs, caller, reading, knownEvents),
      catalog: () => catalogs.of(caller),
    };
  };
}
