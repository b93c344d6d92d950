import type { IncomingHttpHeaders } from 'node:http';
import { LinodeForbidden, type LinodeErrorFacts } from '../errors.js';

/** Linode's reason for a missing grant, and for a change of a public image. */
const UNAUTHORIZED = 'Unauthorized';
const PUBLIC_IMAGE = /^\/images\/linode%2F/i;

/**
 * The error of a 403, or of a 401 for a missing scope. It lists scopes only if one is missing; if the token has them
 * all, the message says that the user lacks a grant.
 */
export function forbidden(
  message: string,
  facts: LinodeErrorFacts,
  headers: IncomingHttpHeaders,
): LinodeForbidden {
  const requiredScopes = readScopes(headers['x-accepted-oauth-scopes']);
  const grantedScopes = readScopes(headers['x-oauth-scopes']);
  if (facts.status === 401 || !requiredScopes.every((scope) => isGranted(scope, grantedScopes))) {
    return new LinodeForbidden(message, { ...facts, requiredScopes, grantedScopes });
  }
  const isOfUser =
    grantedScopes.length > 0 && facts.reasons?.[0]?.reason === UNAUTHORIZED && !PUBLIC_IMAGE.test(facts.path);
  return new LinodeForbidden(
    isOfUser ? `${message}. The token has the scopes for this, but its user lacks a grant` : message,
    { ...facts, requiredScopes: [], grantedScopes: [] },
  );
}

/** `*` is required where any token will do; `read_write` includes `read_only`. */
function isGranted(required: string, granted: readonly string[]): boolean {
  const [resource] = required.split(':');
  return (
    required === '*' ||
    granted.includes('*') ||
    granted.includes(required) ||
    granted.includes(`${resource}:*`) ||
    granted.includes(required.replace(/:read_only$/, ':read_write'))
  );
}

function readScopes(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(/[\s,]+/)
    .filter((scope) => scope !== '');
}
