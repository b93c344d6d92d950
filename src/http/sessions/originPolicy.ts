import type { IncomingMessage } from 'node:http';
import type { PublicUrl } from './publicUrl.js';

/**
 * Which pages may use a session. A browser attaches the cookie to requests that other pages make it send, so that a
 * request counts only if the browser says that an allowed page made it: by `Origin`, or, where a browser sends none,
 * by `Sec-Fetch-Site: same-origin`. Other subdomains of the same site are other origins.
 */
export class OriginPolicy {
  /** @param origins `SESSION_ORIGINS`: allowed besides the gateway's own; exact, without wildcards */
  constructor(
    private readonly publicUrl: PublicUrl,
    readonly origins: readonly string[],
  ) {}

  /** The gateway's own origin, if it is configured: a proxy may change `Host`. */
  get ownOrigin(): string[] {
    const { origin } = this.publicUrl;
    return origin === undefined ? [] : [origin];
  }

  allows(req: IncomingMessage): boolean {
    const { origin } = req.headers;
    if (origin === undefined) return req.headers['sec-fetch-site'] === 'same-origin';
    return this.publicUrl.of(req)?.origin === origin || this.origins.includes(origin);
  }
}
