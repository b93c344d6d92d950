import type { Clock } from '../../clock.js';

/** What came under one key since its window began. */
export interface Window {
  count: number;
  /** On the clock. */
  readonly endsAt: number;
}

export interface WindowCounterOptions {
  clock: Clock;
  windowMs: number;
  maxKeys: number;
}

/**
 * Counts by key in windows of a fixed length, each of which begins with its first count. Of too many keys those whose
 * windows are the oldest are evicted. Our own: docs/adr/0018-cors-rate-limit-security-headers.md.
 */
export class WindowCounter<W extends Window = Window> {
  /** Two generations: evicting half of the keys at once costs each request less than a list of the least recent. */
  #young = new Map<string, W>();
  #old = new Map<string, W>();

  /** @param begin creates a window in which nothing is counted yet */
  constructor(
    private readonly options: WindowCounterOptions,
    private readonly begin: (endsAt: number) => W,
  ) {}

  /** The key's window, after counting. */
  add(key: string, count: number): W {
    const now = this.options.clock.now();
    const window = this.#current(key, now) ?? this.#begin(key, now);
    window.count += count;
    return window;
  }

  /** The key's present window; undefined if nothing is counted in it. */
  get(key: string): W | undefined {
    return this.#current(key, this.options.clock.now());
  }

  #current(key: string, now: number): W | undefined {
    const window = this.#young.get(key) ?? this.#old.get(key);
    return window && window.endsAt > now ? window : undefined;
  }

  #begin(key: string, now: number): W {
    const { windowMs, maxKeys } = this.options;
    if (this.#young.size >= maxKeys / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const window = this.begin(now + windowMs);
    this.#young.set(key, window);
    return window;
  }
}
