import { Pool, type Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';
import type { CancelSignal } from '../../cancellation.js';
import type { Clock } from '../../clock.js';
import { LinodeInvalidResponse, LinodeTimeout, LinodeUnavailable, type LinodeErrorFacts } from '../errors.js';

export interface TransportOptions {
  /** Linode's address with its version path, such as `https://host/v4`. */
  baseUrl: URL;
  clock: Clock;
  connectTimeoutMs: number;
  maxResponseBytes: number;
  /** Sockets at most; further requests queue. */
  connections: number;
}

export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Percent-encoded, without the version prefix, with its query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** When to give up, on the clock. */
  deadlineAt: number;
  /**
   * Gives up earlier, with its reason; a write only as long as nothing of it has left. A deadline that passed for
   * whoever waits is this request's too.
   */
  signal: CancelSignal;
}

export interface WireResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** Empty when the status is not 2xx and the body broke off, never ended, or is too large. */
  body: string;
}

/** One keep-alive pool toward Linode. Redirects are not followed, answers are not decoded. */
export interface Transport {
  /**
   * Sends one request, once.
   * @throws {LinodeTimeout} past the deadline
   * @throws {LinodeUnavailable} refused or reset before a status came
   * @throws {LinodeInvalidResponse} an oversized answer, or a 2xx whose body broke off
   */
  send(request: WireRequest): Promise<WireResponse>;
  close(): Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, clock } = options;
  const prefix = baseUrl.pathname.replace(/\/+$/, '');
  const pool = new Pool(baseUrl.origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    // The deadline of each request is ours; undici's own timers would only fire later.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const exchange = new Exchange(request, options.maxResponseBytes, clock, resolve, reject);
        const opts: Dispatcher.DispatchOptions = {
          method: request.method,
          path: prefix + request.path,
          headers: request.headers,
          ...(request.body !== undefined && { body: request.body }),
        };
        if (exchange.isSettled) return;
        try {
          pool.dispatch(opts, exchange);
        } catch (error) {
          exchange.onResponseError(undefined, error as Error);
        }
      }),
    close: () => pool.destroy(),
  };
}

/** One request and its answer; the body is taken as it comes (undici#5360 kills processes that read late). */
class Exchange implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #cancelTimer: () => void;

  constructor(
    private readonly request: WireRequest,
    private readonly maxBytes: number,
    clock: Clock,
    private readonly resolve: (response: WireResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {
    const leftMs = request.deadlineAt - clock.now();
    this.#cancelTimer = clock.after(Math.max(0, leftMs), this.#onDeadline);
    if (leftMs <= 0) this.#onDeadline();
    else if (request.signal.aborted) this.#onAbort();
    else request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Called right before the first byte is written: aborting here keeps a cancelled write from leaving.
    if (this.#settled) controller.abort(new Error('cancelled before it was sent'));
    else this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length'] ?? 0) > this.maxBytes) this.#failOversized();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.maxBytes) this.#failOversized();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#settle(() => {
      this.#answer(Buffer.concat(this.#chunks).toString('utf8'));
    });
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, cause: Error): void {
    if (this.#status >= 200) {
      const facts = { ...this.#facts(), cause, brokeOff: true };
      this.#failBody(new LinodeInvalidResponse(`Linode's answer broke off`, facts));
    } else {
      this.#fail(this.#connectionError(cause));
    }
  }

  #connectionError(cause: Error): Error {
    const code = (cause as { code?: string }).code;
    const facts = { ...this.#facts(), cause };
    if (code === 'UND_ERR_CONNECT_TIMEOUT')
      return new LinodeTimeout(`Linode could not be reached in time`, facts);
    if (code === 'UND_ERR_HEADERS_OVERFLOW' || cause.name === 'HTTPParserError') {
      return new LinodeInvalidResponse(`Linode's answer is not HTTP`, facts);
    }
    return new LinodeUnavailable(`Linode could not be reached`, facts);
  }

  #answer(body: string): void {
    this.resolve({ status: this.#status, headers: this.#headers, body });
  }

  #failOversized(): void {
    const message = `Linode's answer is larger than ${this.maxBytes} bytes`;
    this.#failBody(new LinodeInvalidResponse(message, this.#facts()));
  }

  readonly #onDeadline = (): void => {
    this.#failBody(new LinodeTimeout(`Linode did not answer in time`, this.#facts()));
  };

  readonly #onAbort = (): void => {
    if (this.request.method !== 'GET' && this.#controller) return;
    const { reason } = this.request.signal;
    if (reason instanceof LinodeTimeout) this.#onDeadline();
    else this.#fail(reason as Error);
  };

  /** The status decides before the body: one that is not 2xx needs none. */
  #failBody(error: Error): void {
    if (this.#status < 300) {
      this.#fail(error);
      return;
    }
    this.#settle(() => {
      this.#answer('');
      this.#controller?.abort(error);
    });
  }

  #fail(error: Error): void {
    this.#settle(() => {
      this.reject(error);
      this.#controller?.abort(error);
    });
  }

  #settle(finish: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#cancelTimer();
    this.request.signal.removeEventListener('abort', this.#onAbort);
    finish();
  }

  #facts(): LinodeErrorFacts {
    const path = this.request.path.replace(/\?.*/, '');
    const status = this.#status ? { status: this.#status } : {};
    return { method: this.request.method, path, sent: this.#controller !== undefined, ...status };
  }
}
