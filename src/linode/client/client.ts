import type { CancelSignal } from '../../cancellation.js';
import { toMicrosecond, type Clock } from '../../clock.js';
import { bodyOf, readJson } from './response.js';
import type { Caller } from '../caller.js';
import { LinodeError, LinodeUnauthenticated } from '../errors.js';
import { assertGranted } from './budgetExhausted.js';
import type { CircuitBreaker } from './circuitBreaker.js';
import type { ParsedBodyCache } from './parsedBodyCache.js';
import type { CallKind, CallPriority, RateBudget, Reservation } from './rateBudget.js';
import type { RateBudgets } from './rateBudgets.js';
import { withRetries, type RetryBudget } from './retry.js';
import { assertToken, provesToken } from './tokenChecks.js';
import { TokenVerification } from './tokenVerification.js';
import type { Shape, UnreadableRow } from '../shapes.js';
import type { Transport, WireRequest } from './wire.js';

/** The outcome of one request to Linode, for logs, metrics and `extensions`. Holds no token and no body. */
export interface UpstreamCall {
  kind: CallKind;
  method: string;
  /** Percent-encoded, without the version prefix, with its query. */
  path: string;
  xFilter: string | null;
  /** Null if no response arrived. */
  status: number | null;
  durationMs: number;
  /** Calls of this kind that the caller may still make within the minute. */
  budgetLeft: number;
  /** Rows of the response that could not be read; absent if there are none, or if an identical body reported them. */
  unreadable?: readonly UnreadableRow[];
}

/** The terms on which one call is made. */
export interface CallTerms {
  /** When the call times out, on the clock. */
  deadlineAt: number;
  /** Cancels a read, or a write of which nothing has been sent. A write that was sent is never cancelled. */
  signal: CancelSignal;
  /** Whether a read waits for a `Retry-After` that fits the deadline (default); else it fails at once. */
  waitsFor429?: boolean;
  /** When a read is retried at the latest, on the clock; default: until the deadline. */
  retryUntil?: number;
  /** What a read is for, default `interactive`. Writes come before all reads. */
  priority?: CallPriority;
  /** Receives each request when it is sent: a function that returns its record so far, undefined when it has ended. */
  onSend?: (record: () => UpstreamCall | undefined) => void;
  onCall?: (call: UpstreamCall) => void;
}

/** Reads of one caller, by calls or from a cache. */
export interface LinodeReads {
  /** @throws {LinodeError} one class per cause; {OperationAborted} when the signal aborts */
  read<T>(request: ReadRequest<T>, terms: CallTerms): Promise<T>;
  /** The response if an earlier operation fetched one that is fresh; absent where nothing is cached. */
  peek?<T>(request: ReadRequest<T>): T | undefined;
}

export interface ReadRequest<T> {
  kind: Exclude<CallKind, 'write'>;
  /** Percent-encoded, with its query. */
  path: string;
  xFilter?: string;
  shape: Shape<T>;
  /** Whether it fails without a call if the caller has no token. */
  needsToken?: boolean;
  /** The reservation of its call, where several calls are reserved at once. Its retries reserve their own. */
  reservation?: Reservation;
  /** Where its last response is cached as parsed. */
  bodyCache?: ParsedBodyCache<T>;
}

export interface WriteRequest<T> {
  method: 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: object;
  shape: Shape<T>;
}

export interface ClientParts {
  transport: Transport;
  circuitBreaker: CircuitBreaker;
  rateBudgets: RateBudgets;
  retryBudget: RetryBudget;
  clock: Clock;
  random: () => number;
  userAgent: string;
  /** Receives every request of every caller when it has ended. */
  onCall?: (call: UpstreamCall) => void;
  /** Receives, after each response to a request with a token, whether Linode accepted the token. */
  onTokenVerdict?: ((callerKey: string, isAccepted: boolean) => void) | undefined;
}

type MaybePromise<T> = T | Promise<T>;

/** One attempt at a request. */
interface Call<T> {
  kind: CallKind;
  wire: WireRequest;
  xFilter?: string;
  shape: Shape<T>;
  bodyCache?: ParsedBodyCache<T>;
  reservation: Reservation;
}

/** Calls Linode for one caller, with its token and within its rate budget. */
export class LinodeClient implements LinodeReads {
  /** Runs when Linode refuses the token itself. */
  onRefusedToken: () => void = () => undefined;
  #verification: TokenVerification;
  #caller: Caller;

  constructor(
    caller: Caller,
    private readonly parts: ClientParts,
  ) {
    this.#verification = new TokenVerification(parts.clock);
    this.#caller = caller;
  }

  get caller(): Caller {
    return this.#caller;
  }

  /** Sends the newer token of a session from now on. What Linode said of an older one says nothing of it. */
  renew(caller: Caller): void {
    if (caller.tokenVersion <= this.#caller.tokenVersion) return;
    this.#caller = caller;
    this.#verification = new TokenVerification(this.parts.clock);
  }

  /** The caller's. Not stored, because an idle one may be dropped. */
  get rateBudget(): RateBudget {
    return this.parts.rateBudgets.of(this.caller);
  }

  get clock(): Clock {
    return this.parts.clock;
  }

  /** Whether the token was refused a short time ago, and is not sent now. */
  get isRefused(): boolean {
    return this.#verification.refusal !== undefined;
  }

  /** @throws {LinodeUnauthenticated} if the token was refused a short time ago */
  assertNotRefused(): void {
    const { refusal } = this.#verification;
    if (refusal) throw refusal;
  }

  /** @throws {LinodeError} one class per cause; {OperationAborted} when the signal aborts */
  async read<T>(request: ReadRequest<T>, terms: CallTerms): Promise<T> {
    this.assertNotRefused();
    const { clock, random, retryBudget } = this.parts;
    if (request.needsToken) assertToken(this.caller, 'GET', request.path);
    let { reservation } = request;
    const attemptOnce = async (): Promise<T> => {
      const reserving = reservation ?? this.#reserve(request.kind, 'GET', request.path, terms.priority);
      const reserved = reserving instanceof Promise ? await reserving : reserving;
      reservation = undefined;
      const { path, xFilter } = request;
      const headers: Record<string, string> = xFilter === undefined ? {} : { 'x-filter': xFilter };
      const wire: WireRequest = { method: 'GET', path, headers, deadlineAt, signal };
      return this.#send({ ...request, wire, reservation: reserved }, terms);
    };
    const attempt = async (): Promise<T> => {
      const { caller } = this;
      try {
        return await attemptOnce();
      } catch (error) {
        // The session's token was replaced while the old one was under way.
        if (error instanceof LinodeUnauthenticated && caller !== this.#caller) return attemptOnce();
        throw error;
      }
    };
    const { deadlineAt, retryUntil = deadlineAt, signal, waitsFor429 = true } = terms;
    return withRetries(attempt, {
      clock,
      random,
      budget: retryBudget,
      deadlineAt: retryUntil,
      signal,
      waitsFor429,
    });
  }

  /**
   * Sends a write at most once: it is retried only if no byte of it was sent.
   * @throws {LinodeError} one class per cause; `outcomeUnknown` says whether it may have happened
   */
  async write<T>(request: WriteRequest<T>, terms: CallTerms): Promise<T> {
    assertToken(this.caller, request.method, request.path);
    const { clock, random, retryBudget } = this.parts;
    const { deadlineAt, signal } = terms;
    const attempt = async (): Promise<T> => {
      signal.throwIfAborted();
      const reserving = this.#reserve('write', request.method, request.path);
      const reservation = reserving instanceof Promise ? await reserving : reserving;
      const headers: Record<string, string> = request.body ? { 'content-type': 'application/json' } : {};
      const wire: WireRequest = { method: request.method, path: request.path, headers, deadlineAt, signal };
      if (request.body) wire.body = JSON.stringify(request.body);
      return this.#send({ kind: 'write', wire, shape: request.shape, reservation }, terms);
    };
    const retrying = { clock, random, budget: retryBudget, deadlineAt, signal, waitsFor429: false };
    return withRetries(attempt, retrying);
  }

  async #send<T>(call: Call<T>, terms: CallTerms): Promise<T> {
    this.assertNotRefused();
    const verification = this.#verification;
    if (this.caller.token === null || verification.isAccepted) return this.#sendNow(call, terms);
    await verification.turn().catch((error: unknown) => {
      call.reservation.release();
      throw error;
    });
    try {
      return await this.#sendNow(call, terms);
    } finally {
      verification.endTurn();
    }
  }

  async #sendNow<T>(call: Call<T>, terms: CallTerms): Promise<T> {
    const { kind, wire: request, xFilter = null, shape, bodyCache, reservation } = call;
    const { transport, circuitBreaker, clock, userAgent } = this.parts;
    const { caller } = this;
    request.headers['accept'] = 'application/json';
    request.headers['user-agent'] = userAgent;
    if (caller.token !== null) request.headers['authorization'] = `Bearer ${caller.token}`;
    const startedAt = clock.now();
    let status: number | null = null;
    let unreadable: readonly UnreadableRow[] = [];
    let isSent = false;
    let hasEnded = false;
    const record = (): UpstreamCall => ({
      kind,
      method: request.method,
      path: request.path,
      xFilter,
      status,
      durationMs: toMicrosecond(clock.now() - startedAt),
      budgetLeft: this.rateBudget.remaining(kind),
      ...(unreadable.length > 0 && { unreadable }),
    });
    terms.onSend?.(() => (hasEnded ? undefined : record()));
    const facts = { method: request.method, path: request.path.replace(/\?.*/, '') };
    const readKey = kind === 'write' ? null : `${request.path} ${xFilter ?? ''}`;
    try {
      const result = await circuitBreaker.run(this.caller.key, facts, readKey, async () => {
        // It may have waited for others, one of which was refused.
        this.assertNotRefused();
        isSent = true;
        const response = await transport.send(request);
        status = response.status;
        const pauseMs = this.rateBudget.recordResponse(kind, status, response.headers);
        const body = bodyOf(request, response, pauseMs);
        const read = (text: string): T => {
          const value = readJson(text, shape, { ...facts, status: response.status });
          unreadable = (value as { unreadable?: readonly UnreadableRow[] } | null)?.unreadable ?? [];
          return value;
        };
        return bodyCache ? bodyCache.parse(body, read) : read(body);
      });
      this.#noteAccepted(caller);
      return result;
    } catch (error) {
      if (!isSent || (error instanceof LinodeError && !error.sent)) reservation.release();
      // Without a token there is none to refuse: some paths need one, the others do not.
      if (error instanceof LinodeUnauthenticated && caller.token !== null) {
        if (error !== this.#verification.refusal) this.#noteRefused(caller, error);
      } else if (provesToken(error)) this.#noteAccepted(caller);
      throw error;
    } finally {
      hasEnded = true;
      const ended = record();
      terms.onCall?.(ended);
      this.parts.onCall?.(ended);
    }
  }

  #noteAccepted(caller: Caller): void {
    if (caller.token === null) return;
    if (caller === this.#caller) this.#verification.accept();
    this.parts.onTokenVerdict?.(caller.key, true);
  }

  #noteRefused(caller: Caller, error: LinodeUnauthenticated): void {
    if (caller !== this.#caller) return;
    this.#verification.refuse(error);
    this.onRefusedToken();
    this.parts.onTokenVerdict?.(caller.key, false);
  }

  /** @throws {LinodeRateLimited} unsent, if the caller's budget is exhausted */
  #reserve(kind: CallKind, method: string, path: string, priority?: CallPriority): MaybePromise<Reservation> {
    const reservation = this.rateBudget.reserveInAll(kind, 1, priority);
    const check = (each: Reservation): Reservation => assertGranted(each, kind, method, path);
    return reservation instanceof Promise ? reservation.then(check) : check(reservation);
  }
}
