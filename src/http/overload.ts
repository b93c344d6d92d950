import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../clock.js';

const WINDOW_MS = 1000;
const TICK_MS = 10;
/** The mean delay of the event loop over one window that is too long; lower than that to be well again. */
const TOO_LONG_MS = 250;
const WELL_MS = 100;
/** For how long one refusal for want of room counts as overload. */
const SHED_MS = 2000;

/** Whether this process has more to do than it can: its event loop lags, or requests are being refused. */
export class Overload {
  readonly #delay = monitorEventLoopDelay({ resolution: TICK_MS });
  #isLagging = false;
  #shedUntil = -Infinity;
  #cancelWindow: () => void = () => undefined;

  constructor(private readonly clock: Clock) {
    this.#delay.enable();
    this.#measureLater();
  }

  get isOverloaded(): boolean {
    return this.#isLagging || this.clock.now() < this.#shedUntil;
  }

  /** A request was refused for want of room. */
  noteShed(): void {
    this.#shedUntil = this.clock.now() + SHED_MS;
  }

  close(): void {
    this.#delay.disable();
    this.#cancelWindow();
  }

  #measureLater(): void {
    this.#cancelWindow = this.clock.after(WINDOW_MS, () => {
      const lagMs = this.#delay.mean / 1e6 - TICK_MS;
      this.#delay.reset();
      this.#isLagging = lagMs > (this.#isLagging ? WELL_MS : TOO_LONG_MS);
      this.#measureLater();
    });
  }
}
