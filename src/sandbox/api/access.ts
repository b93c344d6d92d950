import { refuse } from '../answer.js';
import type { Caller } from '../world/world.js';

/** What an endpoint asks of its callers. */
export interface Access {
  /** All of them are needed; none: any token will do. */
  scopes: readonly string[];
  /** Whether it is open to callers without a token, given what the path's pattern caught. */
  anonymous?: (params: string[]) => boolean;
}

/** Throws the API's 401s: for a token nobody has, none where one is needed, and for a missing scope (not a 403). */
export function checkAccess(
  access: Access,
  params: string[],
  token: string | null,
  caller: Caller | undefined,
): Caller | null {
  if (token === null && access.anonymous?.(params)) return null;
  if (!caller) return refuse(401, 'Invalid Token');
  if (!access.scopes.every((scope) => hasScope(caller.scopes, scope))) {
    return refuse(401, 'Your OAuth token is not authorized to use this endpoint.');
  }
  return caller;
}

/** `read_write` holds `read_only`. */
function hasScope(granted: string, wanted: string): boolean {
  const words = granted.split(/[ ,]+/);
  return (
    words.includes('*') || words.includes(wanted) || words.includes(wanted.replace('read_only', 'read_write'))
  );
}
