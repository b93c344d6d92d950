import type { IncomingHttpHeaders } from 'node:http';
import type { ManualClock } from './manualClock.js';

/** One of Linode's rate limits: fixed windows of a minute, whose headers count whole seconds by Linode's own clock. */
export class ModelRateLimit {
  refused = 0;
  #used = 0;
  #endsAt = 0;

  /** @param offsetMs how far Linode's clock is ahead of ours */
  constructor(
    private readonly clock: ManualClock,
    readonly limit: number,
    private readonly offsetMs: number,
  ) {}

  get wouldAccept(): boolean {
    return this.clock.now() >= this.#endsAt || this.#used < this.limit;
  }

  /** Processes a call. */
  call(): { status: number; headers: IncomingHttpHeaders } {
    const now = this.clock.now();
    if (now >= this.#endsAt) {
      this.#endsAt = now + 60_000;
      this.#used = 0;
    }
    const isAccepted = this.#used < this.limit;
    if (isAccepted) this.#used++;
    else this.refused++;
    const headers: IncomingHttpHeaders = {
      date: new Date(now + this.offsetMs).toUTCString(),
      'x-ratelimit-limit': String(this.limit),
      'x-ratelimit-remaining': String(this.limit - this.#used),
      'x-ratelimit-reset': String(Math.ceil((this.#endsAt + this.offsetMs) / 1000)),
      // On every response, as Linode sends it.
      'retry-after': String(Math.ceil((this.#endsAt - now) / 1000)),
    };
    return { status: isAccepted ? 200 : 429, headers };
  }
}
