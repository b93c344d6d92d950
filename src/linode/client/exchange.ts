import type { Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../clock.js';
import { LinodeInvalidResponse, LinodeTimeout, LinodeUnavailable, type LinodeErrorFacts } from '../errors.js';
import type { WireRequest } from './wire.js';

/** A response whose body is as it arrived, perhaps compressed. */
export interface RawResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** One request and its response. The body is read as it arrives: undici#5360 ends processes that read it late. */
export class Exchange implements Dispatcher.DispatchHandler {
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
    private readonly resolve: (response: RawResponse) => void,
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
    // Called right before the first byte is written: aborting here keeps a cancelled write from being sent.
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
      this.#respond(Buffer.concat(this.#chunks));
    });
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, cause: Error): void {
    if (this.#status >= 200) {
      const facts = { ...this.#facts(), cause, brokeOff: true };
      this.#failBody(new LinodeInvalidResponse(`Linode's response broke off`, facts));
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
      return new LinodeInvalidResponse(`Linode's response is not HTTP`, facts);
    }
    return new LinodeUnavailable(`Linode could not be reached`, facts);
  }

  #respond(body: Buffer): void {
    this.resolve({ status: this.#status, headers: this.#headers, body });
  }

  #failOversized(): void {
    const message = `Linode's response is larger than ${this.maxBytes} bytes`;
    this.#failBody(new LinodeInvalidResponse(message, this.#facts()));
  }

  readonly #onDeadline = (): void => {
    this.#failBody(new LinodeTimeout(`Linode did not respond in time`, this.#facts()));
  };

  readonly #onAbort = (): void => {
    if (this.request.method !== 'GET' && this.#controller) return;
    const { reason } = this.request.signal;
    if (reason instanceof LinodeTimeout) this.#onDeadline();
    else this.#fail(reason as Error);
  };

  /** The status decides before the body: a response that is not 2xx needs none. */
  #failBody(error: Error): void {
    if (this.#status < 300) {
      this.#fail(error);
      return;
    }
    this.#settle(() => {
      this.#respond(Buffer.alloc(0));
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
