import type { ServerResponse } from 'node:http';
import type { GraphQLContext } from '../../graphql/context.js';
import type { OperationRecord } from '../../graphql/operationRecord.js';
import type { OperationListener } from '../server/trackedRequest.js';
import { isCurrent, versionOf, type CacheEntry, type CatalogVersion } from './responseCacheStore.js';

/** Records the response to one operation, and stores it if it can be replayed. */
export class ResponseRecording implements OperationListener {
  #operation: { context: GraphQLContext; catalogVersion: CatalogVersion } | undefined;
  #record: OperationRecord | undefined;

  constructor(
    private readonly res: ServerResponse,
    private readonly store: (entry: CacheEntry) => void,
  ) {}

  onOperation(context: GraphQLContext): void {
    this.#operation = { context, catalogVersion: versionOf(context.catalog()) };
  }

  onRecord(record: OperationRecord): void {
    this.#record = record;
  }

  onResponse(body: unknown): void {
    const entry = this.#entry(body);
    if (entry) this.store(entry);
  }

  /** Undefined for what cannot be replayed: anything but a query that was read from memory alone, without errors. */
  #entry(body: unknown): CacheEntry | undefined {
    const record = this.#record;
    if (!this.#operation || !record || this.res.statusCode !== 200 || this.res.headersSent) return undefined;
    const { context, catalogVersion } = this.#operation;
    const { reading, catalog, caller } = context;
    const isFromMemory = record.cache.length === 1 && record.cache[0] === 'hit' && record.upstreamCalls === 0;
    const isQuery = record.type === 'query' && record.errorCodes.length === 0;
    if (!isQuery || !isFromMemory || !isCurrent(catalogVersion, catalog())) return undefined;
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return undefined;

    const headers = rawHeaders(this.res);
    const requestIdAt = headers.indexOf('x-request-id') + 1;
    const ageAt = headers.indexOf('age') + 1;
    if (requestIdAt === 0 || ageAt === 0) return undefined;
    return {
      callerKey: caller.key,
      catalogVersion,
      freshUntil: reading.began.at + reading.freshForMs,
      asOf: reading.began.at - reading.ageMs,
      isOfVersion: reading.isOfVersion,
      headers,
      requestIdAt,
      ageAt,
      body: typeof body === 'string' ? Buffer.from(body) : body,
      record,
    };
  }
}

/** Names and values in turn, the form that node writes fastest. */
const rawHeaders = (res: ServerResponse): string[] =>
  Object.entries(res.getHeaders()).flatMap(([name, value]) =>
    Array.isArray(value) ? value.flatMap((one) => [name, one]) : [name, String(value)],
  );
