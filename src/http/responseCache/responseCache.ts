import { hash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { SharedCatalogs } from '../../catalog/sharedCatalogs.js';
import { toMicrosecond, type Clock } from '../../clock.js';
import type { GraphQLContext } from '../../graphql/context.js';
import type { OperationRecord, Repetition } from '../../graphql/operationRecord.js';
import { Collapsing } from './requestCoalescing.js';
import { ageSecondsOf, KeptAnswers, stampOf, stands, type Kept, type Stamp } from './cacheEntries.js';
import { isHostMissing } from '../admission/hostHeader.js';
import { requestIdFrom } from '../admission/requestId.js';
import { trackedOf } from '../server/trackedMessages.js';

/**
 * Every request header that anything on the long way looks at. Two requests with the same method, URL, body and
 * these are asked the same; a header that is missing here would be a policy overlooked.
 */
export const POLICY_HEADERS = [
  'authorization',
  'content-type',
  'content-encoding',
  'accept',
  'origin',
  'upgrade',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'access-control-request-method',
  'access-control-request-headers',
  'access-control-request-private-network',
] as const;

/** Requests that say these want something of their own: they go the long way. */
const PERSONAL_HEADERS = [
  'cache-control',
  'x-explain',
  'transfer-encoding',
  'expect',
  'if-none-match',
  'if-modified-since',
] as const;

/** Larger bodies are rare, and not worth being kept as keys. */
const MAX_BODY_BYTES = 32 * 1024;
/** Requests remembered by their words alone, until they come again. */
const MOST_SEEN = 5000;
/** Heads that operations came with, their bodies aside. */
const MOST_HEADS = 5000;
/** How often a request waits for another that asks the same: what can't be kept would be answered one by one. */
const MOST_WAITS = 2;

/** A request that has come whole, and what it takes to send it the long way. */
interface Arrival {
  key: string;
  req: IncomingMessage;
  res: ServerResponse;
  longWay: RequestListener;
  /** On the clock. */
  at: number;
  /** Those that wait for the same, where its answer is asked for often: where one was kept, if it is no good any more. */
  herd: string | undefined;
  waits: number;
}

/** A request on the long way, whose answer may be kept. */
interface Candidate {
  key: string;
  operation?: { context: GraphQLContext; stamp: Stamp };
  record?: OperationRecord;
}

export interface FastLaneOptions {
  catalogs: SharedCatalogs;
  clock: Clock;
  /** Whether everything goes the long way for now. */
  isClosed: () => boolean;
  /** Prepares to be told of an operation that it answers again and again. */
  repeats: (record: OperationRecord) => (repetition: Repetition) => void;
}

/**
 * Answers again what was answered before: the finished bytes of queries that memory alone answered, while what
 * they were read from stands and is fresh. It decides nothing: a request that it has not seen answered, in the
 * same words under the same headers, goes the long way. (ADR 6)
 */
export class FastLane {
  readonly #kept: KeptAnswers;
  readonly #seen = new LRUCache<string, true>({ max: MOST_SEEN });
  readonly #heads = new LRUCache<string, true>({ max: MOST_HEADS });
  readonly #collapsing: Collapsing;

  constructor(private readonly options: FastLaneOptions) {
    this.#kept = new KeptAnswers(options.catalogs);
    this.#collapsing = new Collapsing(options.clock);
  }

  /** Stands before the long way. */
  before(longWay: RequestListener): RequestListener {
    return (req, res) => {
      const head = this.options.isClosed() ? undefined : headOf(req);
      if (head === undefined) longWay(req, res);
      else if (req.method === 'GET') this.#arrive(this.#arrival(keyOf(head), req, res, longWay));
      else if (this.#isHeadKnown(head, res)) this.#withBody(req, head, res, longWay);
      else longWay(req, res);
    };
  }

  /**
   * Whether an operation has come with such a head. Only then is the body waited for: what is refused for its head
   * is refused before.
   */
  #isHeadKnown(head: string, res: ServerResponse): boolean {
    const key = keyOf(head);
    const isKnown = this.#heads.get(key) === true;
    if (!isKnown) trackedOf(res).listener = { onOperation: () => this.#heads.set(key, true) };
    return isKnown;
  }

  /** Looks into the body, which mostly came with the head; the long way then reads it as if nobody had. */
  #withBody(req: IncomingMessage, head: string, res: ServerResponse, longWay: RequestListener): void {
    const length = Number(req.headers['content-length']);
    if (!(length > 0 && length <= MAX_BODY_BYTES)) {
      longWay(req, res);
      return;
    }
    const onReadable = (): void => {
      const body = req.read(length) as Buffer | null;
      if (body === null) return;
      req.off('readable', onReadable);
      const arrival = this.#arrival(keyOf(head + body.toString('latin1')), req, res, longWay);
      req.unshift(body);
      this.#arrive(arrival);
    };
    req.on('readable', onReadable);
  }

  #arrival(key: string, req: IncomingMessage, res: ServerResponse, longWay: RequestListener): Arrival {
    return { key, req, res, longWay, at: this.options.clock.now(), herd: undefined, waits: 0 };
  }

  /**
   * Answers it, or lets it wait for another that asks the same, or sends it the long way: when an answer that a
   * thousand clients ask for is too old, one of them has it made anew.
   */
  #arrive(arrival: Arrival): void {
    const { key, req, res, longWay } = arrival;
    if (trackedOf(res).isClosed) return;
    if (!this.options.isClosed()) {
      if (this.#answer(arrival)) {
        req.resume();
        return;
      }
      const again = (isInTime: boolean): void => {
        if (!isInTime) arrival.waits = MOST_WAITS;
        this.#arrive(arrival);
      };
      // The answer is deleted for whoever comes first, and the rest know by that one that it was kept.
      const herd = (arrival.herd ??= this.#collapsing.has(key) ? key : undefined);
      if (herd !== undefined) {
        if (arrival.waits++ < MOST_WAITS && this.#collapsing.join(herd, again)) return;
        this.#collapsing.lead(herd, trackedOf(res));
      }
    }
    this.#watch(key, res);
    longWay(req, res);
  }

  /** Answers what is kept and still good. */
  #answer(arrival: Arrival): boolean {
    const { key, req, res, at } = arrival;
    const now = this.options.clock.now();
    if (this.#kept.has(key)) arrival.herd = key;
    const kept = this.#kept.good(key, now);
    if (!kept) {
      // One list makes all of a caller's answers good again that rest on the same images.
      const held = this.#kept.peek(key);
      if (held?.isOfVersion) arrival.herd = held.callerKey;
      return false;
    }
    const requestId = requestIdFrom(req.headers['x-request-id']);
    trackedOf(res).requestId = requestId;
    const headers = kept.headers.slice();
    headers[kept.requestIdAt] = requestId;
    headers[kept.ageAt] = ageSecondsOf(kept, now).toString();
    res.writeHead(200, headers);
    res.end(kept.body);
    trackedOf(res).isOperation = true;
    this.#tell(kept, requestId, at, now);
    return true;
  }

  #tell(kept: Kept, requestId: string, arrivedAt: number, now: number): void {
    const durationMs = toMicrosecond(this.options.clock.now() - arrivedAt);
    kept.tell ??= this.options.repeats(kept.record);
    kept.tell({ requestId, ageMs: Math.round(now - kept.asOf), durationMs });
  }

  /** Waits for the long way's answer; not the first time: what never comes again is not worth the keeping. */
  #watch(key: string, res: ServerResponse): void {
    if (!this.#seen.has(key)) {
      this.#seen.set(key, true);
      return;
    }
    const candidate: Candidate = { key };
    trackedOf(res).listener = {
      onOperation: (context) => {
        candidate.operation = { context, stamp: stampOf(context.catalog()) };
      },
      onRecord: (record) => {
        candidate.record = record;
      },
      onResponse: (body) => {
        this.#keep(candidate, res, body);
      },
    };
  }

  #keep({ key, operation, record }: Candidate, res: ServerResponse, body: unknown): void {
    if (!operation || !record || res.statusCode !== 200 || res.headersSent) return;
    const { reading, catalog } = operation.context;
    const isFromMemory = record.cache.length === 1 && record.cache[0] === 'hit' && record.upstreamCalls === 0;
    const isQuery = record.type === 'query' && record.errorCodes.length === 0;
    if (!isQuery || !isFromMemory || !stands(operation.stamp, catalog())) return;
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return;

    const headers = flatHeaders(res);
    const requestIdAt = headers.indexOf('x-request-id') + 1;
    const ageAt = headers.indexOf('age') + 1;
    if (requestIdAt === 0 || ageAt === 0) return;
    this.#kept.set(key, {
      callerKey: operation.context.caller.key,
      stamp: operation.stamp,
      freshUntil: reading.began.at + reading.freshForMs,
      asOf: reading.began.at - reading.ageMs,
      isOfVersion: reading.isOfVersion,
      headers,
      requestIdAt,
      ageAt,
      body: typeof body === 'string' ? Buffer.from(body) : body,
      record,
    });
  }
}

/** What is kept is found by a digest: no token and no variable is part of a key. */
const keyOf = (request: string): string => hash('sha256', request, 'base64');

/** All of a request that matters but its body; undefined when the request goes the long way in any case. */
function headOf(req: IncomingMessage): string | undefined {
  const { method, url, headers } = req;
  if ((method !== 'POST' && method !== 'GET') || isHostMissing(req)) return undefined;
  // A body would have to be read, if only to be refused.
  if (method === 'GET' && (headers['content-length'] ?? '0') !== '0') return undefined;
  if (url === undefined || !(url === '/graphql' || url.startsWith('/graphql?'))) return undefined;
  for (const name of PERSONAL_HEADERS) if (headers[name] !== undefined) return undefined;
  let head = `${method} ${url}`;
  for (const name of POLICY_HEADERS) head += `\n${headers[name]?.toString() ?? ''}`;
  return `${head}\n`;
}

/** Headers as node takes them fastest. */
const flatHeaders = (res: ServerResponse): string[] =>
  Object.entries(res.getHeaders()).flatMap(([name, value]) =>
    Array.isArray(value) ? value.flatMap((one) => [name, one]) : [name, String(value)],
  );
