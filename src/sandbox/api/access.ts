import { fail } from '../response.js';
import type { Caller } from '../world/world.js';

/** Who may call an endpoint. */
export interface Access {
  /** All are required; empty: any token. */
  scopes: readonly string[];
  /** Whether callers without a token are allowed, given the path parameters. */
  anonymous?: (params: string[]) => boolean;
}

/** Throws the API's 401s: for an unknown or missing token, and for a missing scope (401, not 403). */
export function checkAccess(
  access: Access,
  params: string[],
  token: string | null,
  caller: Caller | undefined,
): Caller | null {
  if (token === null && access.anonymous?.(params)) return null;
  if (!caller) return fail(401, 'Invalid Token');
  if (!access.scopes.every((scope) => hasScope(caller.scopes, scope))) {
    return fail(401, 'Your OAuth token is not authorized to use this endpoint.');
  }
  return caller;
}

/** `read_write` includes `read_only`. */
function hasScope(granted: string, wanted: string): boolean {
  const words = granted.split(/[ ,]+/);
  return (
    words.includes('*') || words.includes(wanted) || words.includes(wanted.replace('read_only', 'read_write'))
  );
}
