import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.js';
import type { SubscriptionResult } from '../../graphql/subscriptions/runSubscription.js';
import { type EndReason, type OpenSubscription } from './openSubscriptions.js';
import type { StreamFormat } from './streamFormat.js';

/** How often an idle stream sends something: below the idle timeouts of proxies, which are mostly 30 s or more. */
export const KEEP_ALIVE_MS = 12_000;

export interface StreamBounds {
  /** What may wait to be read by one subscriber, in bytes; one that reads nothing is then dropped. */
  maxBacklogBytes: number;
  /** How long one subscription may last, in ms. */
  maxSubscriptionMs: number;
  /** How long a subscriber may read nothing while something waits, in ms. */
  clientTimeoutMs: number;
}

/** Headers of every stream. Compression and buffering would hold events back. */
const HEADERS = { 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' };

/** Sends results as they come, and drops a subscriber that does not read them. */
export class ResponseStream {
  #hasEnded = false;
  #cancelKeepAlive: () => void = () => undefined;
  #cancelStandstill: (() => void) | undefined;
  readonly #cancelLifetime: () => void;

  /** @param abort ends the source of the results */
  constructor(
    private readonly res: ServerResponse,
    private readonly format: StreamFormat,
    private readonly subscription: OpenSubscription,
    private readonly abort: () => void,
    private readonly clock: Clock,
    private readonly bounds: StreamBounds,
  ) {
    this.#cancelLifetime = clock.after(bounds.maxSubscriptionMs, () => {
      this.end('expired');
    });
    res.on('drain', () => {
      this.#cancelStandstill?.();
      this.#cancelStandstill = undefined;
    });
  }

  /**
   * Sends the results until there are no more.
   * @param onBegun called once the first is there
   */
  async send(results: AsyncGenerator<SubscriptionResult, void>, onBegun: () => void): Promise<void> {
    let isFirst = true;
    this.res.writeHead(200, { ...HEADERS, 'Content-Type': this.format.contentType });
    this.#write(this.format.opening);
    for await (const result of results) {
      if (isFirst) onBegun();
      isFirst = false;
      if (this.#hasEnded) return;
      this.#write(this.format.event(JSON.stringify(result)));
      this.subscription.sent();
    }
    this.end('completed');
  }

  /** Completes the stream. */
  end(reason: EndReason): void {
    if (this.#hasEnded) return;
    this.#write(this.format.completion);
    this.#stop(reason);
    this.res.end();
  }

  /** The subscriber has left. */
  left(): void {
    this.#stop('left');
  }

  #write(text: string): void {
    if (this.#hasEnded) return;
    if (this.res.writableLength > this.bounds.maxBacklogBytes) {
      this.#drop();
      return;
    }
    if (!this.res.write(text)) {
      this.#cancelStandstill ??= this.clock.after(this.bounds.clientTimeoutMs, () => {
        this.#drop();
      });
    }
    this.#cancelKeepAlive();
    this.#cancelKeepAlive = this.clock.after(KEEP_ALIVE_MS, () => {
      this.#write(this.format.keepAlive);
    });
  }

  #drop(): void {
    this.#stop('slow');
    this.res.destroy();
  }

  #stop(reason: EndReason): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelKeepAlive();
    this.#cancelStandstill?.();
    this.#cancelLifetime();
    this.subscription.ended(reason);
    this.abort();
  }
}
