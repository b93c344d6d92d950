import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import type { Caller } from '../linode/caller.js';
import { LivePoller } from './livePoller.js';
import type { Interest, LiveSubscription } from './liveSubscription.js';

export interface LiveImagesOptions {
  catalogs: SharedCatalogs;
  clock: Clock;
  /** For how long a caller's catalog is fresh, and the anonymous caller's, in ms. */
  settings: { maxAgeMs: number; anonymousMaxAgeMs: number; requestTimeoutMs: number };
  reportInternalError: (error: unknown) => void;
}

/** The intervals at which a caller's images are polled have a floor: a freshness of 0 must not poll without a pause. */
const MIN_INTERVAL_MS = 1000;

/** The subscriptions of all callers: one poller for each caller that has any. */
export class LiveImages {
  readonly #pollers = new Map<string, LivePoller>();
  readonly #ignoreChanges: () => void;

  constructor(private readonly options: LiveImagesOptions) {
    this.#ignoreChanges = options.catalogs.onChange((callerKey) => {
      const poller = this.#pollers.get(callerKey);
      // Not within the change, which may be one of several that belong together.
      if (poller) queueMicrotask(() => poller.catalogChanged());
    });
  }

  /** Follows images that the caller's catalog has read before. */
  follow(caller: Caller, interest: Interest): LiveSubscription {
    let poller = this.#pollers.get(caller.key);
    if (!poller) this.#pollers.set(caller.key, (poller = this.#create(caller)));
    return poller.follow(interest);
  }

  /** Callers that are polled. */
  get callers(): number {
    return this.#pollers.size;
  }

  close(): void {
    this.#ignoreChanges();
  }

  #create(caller: Caller): LivePoller {
    const { catalogs, clock, settings, reportInternalError } = this.options;
    const { requestTimeoutMs, maxAgeMs, anonymousMaxAgeMs } = settings;
    const idleIntervalMs = ({ token }: Caller): number =>
      Math.max(MIN_INTERVAL_MS, token === null ? anonymousMaxAgeMs : maxAgeMs);
    const parts = { catalogs, clock, idleIntervalMs, requestTimeoutMs, reportInternalError };
    return new LivePoller(caller, parts, () => this.#pollers.delete(caller.key));
  }
}
