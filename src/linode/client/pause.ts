import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../clock.js';
import { retryAfterMs } from './rateLimitHeaders.js';

const FIRST_PAUSE_MS = 1000;
/** Without a `Retry-After`, pauses double up to this. */
const MAX_DOUBLED_PAUSE_MS = 60_000;
/** A longer `Retry-After` is not believed. */
const MAX_PAUSE_MS = 10 * 60_000;

/** The pause after a 429: as long as its `Retry-After`, else a second, which doubles with each 429 until a success. */
export class Pause {
  #until = 0;
  #nextMs = FIRST_PAUSE_MS;

  constructor(private readonly clock: Clock) {}

  /** When it ends or has ended, on the clock. */
  get until(): number {
    return this.#until;
  }

  /** Learns from a response, and returns the pause in ms if that is a 429. */
  record(status: number, headers: IncomingHttpHeaders): number {
    if (status !== 429) {
      if (status < 400) this.#nextMs = FIRST_PAUSE_MS;
      return 0;
    }
    let pauseMs = retryAfterMs(headers);
    if (pauseMs === undefined) {
      pauseMs = this.#nextMs;
      this.#nextMs = Math.min(this.#nextMs * 2, MAX_DOUBLED_PAUSE_MS);
    }
    pauseMs = Math.min(pauseMs, MAX_PAUSE_MS);
    this.#until = Math.max(this.#until, this.clock.now() + pauseMs);
    return pauseMs;
  }
}
