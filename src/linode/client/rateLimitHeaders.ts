import type { IncomingHttpHeaders } from 'node:http';

const MINUTE_MS = 60_000;

/** What a response says of the rate limit that its request counted against. */
export interface RateLimitHeaders {
  /** Calls a minute: `X-RateLimit-Limit`. Undefined if it is missing or not a positive integer. */
  limit: number | undefined;
  /** The window under way. Undefined if it is missing, or does not end within the next two minutes. */
  window: { remaining: number; endsInMs: number } | undefined;
}

/** Reads `X-RateLimit-Limit`, `-Remaining` and `-Reset` (in seconds since the epoch, by Linode's own clock). */
export function readRateLimit(headers: IncomingHttpHeaders): RateLimitHeaders {
  const limit = integer(headers['x-ratelimit-limit']);
  const remaining = integer(headers['x-ratelimit-remaining']);
  const resetAt = Number(headers['x-ratelimit-reset'] ?? NaN) * 1000;
  const endsInMs = resetAt - Date.parse(headers.date ?? '');
  const isWindow = remaining !== undefined && endsInMs > 0 && endsInMs <= 2 * MINUTE_MS;
  return {
    limit: limit === 0 ? undefined : limit,
    window: isWindow ? { remaining, endsInMs } : undefined,
  };
}

const integer = (value: string | string[] | undefined): number | undefined =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;

/** `Retry-After` in ms, from whole seconds or an HTTP date; undefined if absent, unreadable or not in the future. */
export function retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - (Date.parse(headers.date ?? '') || Date.now());
  return ms > 0 ? ms : undefined;
}
