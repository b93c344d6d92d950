import type { ServerResponse } from 'node:http';
import type { GraphQLContext } from '../../graphql/context.js';
import type { OperationRecord } from '../../graphql/operationRecord.js';
import type { EncodedBody } from '../encoding/encodedBody.js';
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

  onResponse(body: EncodedBody): void {
    const entry = this.#entry(body);
    if (entry) this.store(entry);
  }

  /** Undefined for what cannot be replayed: anything but a query that was read from memory alone, without errors. */
  #entry(body: EncodedBody): CacheEntry | undefined {
    const record = this.#record;
    if (!this.#operation || !record) return undefined;
    const { context, catalogVersion } = this.#operation;
    const { reading, catalog, caller } = context;
    const isFromMemory = record.cache.length === 1 && record.cache[0] === 'hit' && record.upstreamCalls === 0;
    const isQuery = record.type === 'query' && record.errorCodes.length === 0;
    if (!isQuery || !isFromMemory || !isCurrent(catalogVersion, catalog())) return undefined;
    if (!this.res.hasHeader('x-request-id') || !this.res.hasHeader('age')) return undefined;
    return {
      callerKey: caller.key,
      catalogVersion,
      freshUntil: reading.began.at + reading.freshForMs,
      asOf: reading.began.at - reading.ageMs,
      isOfVersion: reading.isOfVersion,
      headers: rawHeaders(this.res),
      body,
      isGet: this.res.req.method === 'GET',
      forms: new Map(),
      record,
    };
  }
}

/** Headers that each response has its own values of, or each form of the body. */
const OWN = new Set(['x-request-id', 'age', 'content-length']);

/** Names and values in turn, the form that node writes fastest. */
function rawHeaders(res: ServerResponse): string[] {
  const headers = ['x-request-id', '', 'age', ''];
  for (const [name, value] of Object.entries(res.getHeaders())) {
    if (OWN.has(name)) continue;
    for (const each of Array.isArray(value) ? value : [String(value)]) headers.push(name, each);
  }
  return headers;
}
