import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/**
 * The gateway's URL as browsers see it, without a trailing slash in its path: the configured one, or in development
 * that of the request, if it names this machine. Any other `Host` could be another site's name for this machine.
 */
export class PublicUrl {
  /** @param configured `PUBLIC_URL`; null if it is not set */
  constructor(private readonly configured: URL | null) {}

  /** Undefined if it is not configured. */
  get origin(): string | undefined {
    return this.configured?.origin;
  }

  /** Undefined if it is not configured and the request does not name this machine. */
  of({ headers: { host = '' } }: IncomingMessage): URL | undefined {
    if (this.configured) return this.configured;
    return LOOPBACK.test(host) && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  }
}

/** A URL below the gateway's. */
export const below = (base: URL, path: string): string =>
  base.origin + base.pathname.replace(/\/+$/, '') + path;
