import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { SharedCatalogs } from '../../catalog/sharedCatalogs.js';
import { toMicrosecond, type Clock } from '../../clock.js';
import type { OperationRecord, ReplayRecord } from '../../graphql/operationRecord.js';
import { acceptanceFor, isUnacceptable, representationFor } from '../encoding/representation.js';
import type { Handler, TrackedRequest } from '../server/trackedRequest.js';
import { formOf } from './cachedForm.js';
import { cacheableHead, cacheKey, type RequestHead } from './cacheKey.js';
import { RequestCoalescer } from './requestCoalescer.js';
import {
  AGE_AT,
  ageSecondsOf,
  REQUEST_ID_AT,
  ResponseCacheStore,
  type CachedForm,
  type CacheEntry,
} from './responseCacheStore.js';
import { ResponseRecording } from './responseRecording.js';

/** Larger bodies are rare, and not worth caching. */
const MAX_BODY_BYTES = 32 * 1024;
/** Keys that were requested once. */
const MAX_ADMISSION_FILTER = 5000;
/** Heads, without their bodies, that operations came with. */
const MAX_KNOWN_HEADS = 1000;
/** How often a request waits for another one: responses that cannot be cached would be made one after the other. */
const MAX_WAITS = 2;

export interface ResponseCacheOptions {
  catalogs: SharedCatalogs;
  clock: Clock;
  /** Requests with larger bodies, or with bodies over 32 KB, bypass the cache. */
  maxBodyBytes: number;
  /** Whether responses are compressed for clients that accept it. */
  compression: boolean;
  /** Prepares to log and count the replays of an operation's response. */
  prepareReplay: (record: OperationRecord) => (replay: ReplayRecord) => void;
  /** Whether a request bypasses the cache whatever its other headers are: one that a session's cookie identifies. */
  isUncacheable?: ((req: IncomingMessage) => boolean) | undefined;
  /** Keeps the trace of the request in a callback; absent, there are no traces. */
  bindTrace?: (<F>(callback: F) => F) | undefined;
}

/** A request that was read whole, while it is looked up. */
interface Lookup {
  key: string;
  request: TrackedRequest;
  next: Handler;
  /** Requests with the same one wait for each other, once their cached response has expired. */
  coalesceKey?: string;
  waits: number;
}

/**
 * Sends responses again that were sent before: those to queries that were read from memory alone, while what they rest
 * on is current and fresh. It makes no decision of its own: a request that differs in anything the application reads
 * has another key. (ADR 6)
 */
export class ResponseCache {
  readonly #store: ResponseCacheStore;
  readonly #coalescer: RequestCoalescer;
  /** A response is cached the second time its key is requested: most never come again. */
  readonly #admissionFilter = new LRUCache<string, true>({ max: MAX_ADMISSION_FILTER });
  readonly #knownHeads = new LRUCache<string, true>({ max: MAX_KNOWN_HEADS });

  readonly #maxBodyBytes: number;

  constructor(private readonly options: ResponseCacheOptions) {
    this.#maxBodyBytes = Math.min(options.maxBodyBytes, MAX_BODY_BYTES);
    this.#store = new ResponseCacheStore(options.catalogs);
    this.#coalescer = new RequestCoalescer(options.clock);
  }

  /** Sends the cached response, or passes the request on and records its response. */
  lookUp(request: TrackedRequest, next: Handler): void {
    const { req } = request;
    const head = this.options.isUncacheable?.(req) ? undefined : cacheableHead(req);
    if (head === undefined || isUnacceptable(acceptanceFor(req, this.options.compression))) next(request);
    else if (req.method === 'GET') this.#lookUp({ key: cacheKey(head, ''), request, next, waits: 0 });
    else if (this.#knownHeads.get(head.policy)) this.#readBody(head, request, next);
    else {
      // A request that is refused for its head is refused before its body is read.
      request.listener = { onOperation: () => this.#knownHeads.set(head.policy, true) };
      next(request);
    }
  }

  /** Reads the body, which mostly came with the head; the application takes it from the request's record. */
  #readBody(head: RequestHead, request: TrackedRequest, next: Handler): void {
    const { req } = request;
    const length = Number(req.headers['content-length']);
    if (!(length > 0 && length <= this.#maxBodyBytes)) {
      next(request);
      return;
    }
    const chunks: Buffer[] = [];
    let missing = length;
    const onData = this.#bindTrace((chunk: Buffer) => {
      missing -= chunk.length;
      if (missing > 0) {
        chunks.push(chunk);
        return;
      }
      const body = chunks.length === 0 ? chunk : Buffer.concat([...chunks, chunk]);
      request.body = body;
      this.#lookUp({ key: cacheKey(head, body.toString('latin1')), request, next, waits: 0 });
    });
    req.on('data', onData);
  }

  /**
   * Sends the cached response, or waits for another request's, or passes the request on: of a thousand requests whose
   * cached response has expired, one is passed on.
   */
  #lookUp(lookup: Lookup): void {
    const { key, request, next } = lookup;
    if (request.isClosed) return;
    const now = this.options.clock.now();
    if (!(this.options.catalogs.sharing?.mayServe(now) ?? true)) {
      next(request);
      return;
    }
    const entry = this.#store.get(key);
    const freshness = entry && this.#store.check(key, entry, now);
    if (entry && freshness === 'fresh') {
      this.#replay(entry, request, now);
      return;
    }
    // One list makes all of a caller's responses fresh again that rest on the same images.
    if (entry) lookup.coalesceKey = freshness === 'stale' && entry.isOfVersion ? entry.callerKey : key;
    // The first request has evicted the entry.
    else if (this.#coalescer.has(key)) lookup.coalesceKey ??= key;
    if (lookup.coalesceKey !== undefined) {
      const resume = this.#bindTrace((isInTime: boolean) => {
        if (!isInTime) lookup.waits = MAX_WAITS;
        this.#lookUp(lookup);
      });
      if (lookup.waits++ < MAX_WAITS && this.#coalescer.join(lookup.coalesceKey, resume)) return;
      this.#coalescer.lead(lookup.coalesceKey, request);
    }
    this.#record(key, request);
    next(request);
  }

  #replay(entry: CacheEntry, request: TrackedRequest, now: number): void {
    const { compression } = this.options;
    const { req } = request;
    const chosen = representationFor(req, acceptanceFor(req, compression), entry.body, entry.isGet);
    const form = formOf(entry, chosen);
    if (form instanceof Promise) {
      void form.then((ready) => {
        this.#send(ready, entry, request, now);
      });
    } else this.#send(form, entry, request, now);
  }

  #send(form: CachedForm, entry: CacheEntry, request: TrackedRequest, now: number): void {
    const { res, startedAt } = request;
    const requestId = request.requestId ?? '';
    const headers = form.headers.slice();
    headers[REQUEST_ID_AT] = requestId;
    headers[AGE_AT] = ageSecondsOf(entry, now).toString();
    res.writeHead(form.status, headers);
    res.end(form.bytes);
    request.isOperation = true;
    const durationMs = toMicrosecond(this.options.clock.now() - startedAt);
    entry.report ??= this.options.prepareReplay(entry.record);
    entry.report({ requestId, ageMs: Math.round(now - entry.asOf), durationMs });
  }

  #record(key: string, request: TrackedRequest): void {
    if (!this.#admissionFilter.has(key)) {
      this.#admissionFilter.set(key, true);
      return;
    }
    request.listener = new ResponseRecording(request.res, (entry) => {
      this.#store.set(key, entry);
    });
  }

  #bindTrace<F>(callback: F): F {
    return this.options.bindTrace ? this.options.bindTrace(callback) : callback;
  }
}
