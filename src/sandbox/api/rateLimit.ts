const WINDOW_MS = 60_000;
const LIMITS: Readonly<Record<string, number>> = { images: 20, general: 400 };

interface Bucket {
  resetMs: number;
  used: number;
}

export interface RateLimitResult {
  allowed: boolean;
  headers: Record<string, string>;
}

/**
 * Fixed windows of 60 s per caller and kind: `images` for the list of images, `general` for all other calls.
 * The caller is the token, or the IP address without one.
 */
export class RateLimits {
  #limits = new Map(Object.entries(LIMITS));
  #buckets = new Map<string, Bucket>();

  setLimit(kind: string, perMinute: number): void {
    this.#limits.set(kind, perMinute);
  }

  /** Calls per minute, by kind. */
  current(): Record<string, number> {
    return Object.fromEntries(this.#limits);
  }

  reset(): void {
    this.#limits = new Map(Object.entries(LIMITS));
    this.#buckets.clear();
  }

  consume(kind: string, caller: string, nowMs: number): RateLimitResult {
    const limit = this.#limits.get(kind) ?? LIMITS['general'] ?? 0;
    const bucket = this.#bucket(`${kind} ${caller}`, nowMs);
    const allowed = bucket.used < limit;
    if (allowed) bucket.used += 1;
    const headers: Record<string, string> = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(Math.max(0, limit - bucket.used)),
      'X-RateLimit-Reset': String(Math.ceil(bucket.resetMs / 1000)),
    };
    if (!allowed) headers['Retry-After'] = String(Math.max(1, Math.ceil((bucket.resetMs - nowMs) / 1000)));
    return { allowed, headers };
  }

  #bucket(key: string, nowMs: number): Bucket {
    const found = this.#buckets.get(key);
    if (found && nowMs < found.resetMs) return found;
    const fresh = { resetMs: nowMs + WINDOW_MS, used: 0 };
    this.#buckets.set(key, fresh);
    return fresh;
  }
}
