import type { IncomingHttpHeaders } from 'node:http';

/** Matches an origin exactly: its scheme, its host with one label for the wildcard, and its port. */
export function originMatcher(origin: string): string | RegExp {
  if (!origin.includes('*')) return origin;
  const literal = origin.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${literal.replace('\\*', '[a-z0-9_-]+')}$`);
}

/**
 * Whether the page that sends a request may: one of the gateway's own origin, or of an origin that the configuration
 * lists. Undefined if no page is named: most clients that are no browsers send no `Origin`.
 */
export function isAllowedOrigin(
  { origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  corsOrigins: readonly string[],
): boolean | undefined {
  if (origin === undefined) return undefined;
  if (host !== undefined && hostOf(origin) === host.toLowerCase()) return true;
  return corsOrigins.some((allowed) => {
    if (allowed === '*') return true;
    const matcher = originMatcher(allowed);
    return typeof matcher === 'string' ? matcher === origin : matcher.test(origin);
  });
}

/** The host with its port, as `Host` has it; undefined for `null` and other texts. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
