import { LRUCache } from 'lru-cache';
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
 * Counts by key in windows of a fixed length, each of which begins with its first count. Of too many keys the least
 * recently counted one is forgotten. Our own: docs/adr/0018-cors-rate-limit-security-headers.md.
 */
export class WindowCounter<W extends Window = Window> {
  readonly #windows: LRUCache<string, W>;

  /** @param begin creates a window in which nothing is counted yet */
  constructor(
    private readonly options: WindowCounterOptions,
    private readonly begin: (endsAt: number) => W,
  ) {
    this.#windows = new LRUCache({ max: options.maxKeys });
  }

  /** The key's window, after counting. */
  add(key: string, count: number): W {
    const { clock, windowMs } = this.options;
    const now = clock.now();
    let window = this.#windows.get(key);
    if (!window || window.endsAt <= now) {
      window = this.begin(now + windowMs);
      this.#windows.set(key, window);
    }
    window.count += count;
    return window;
  }

  /** The key's present window; undefined if nothing is counted in it. */
  get(key: string): W | undefined {
    const window = this.#windows.get(key);
    return window && window.endsAt > this.options.clock.now() ? window : undefined;
  }
}
