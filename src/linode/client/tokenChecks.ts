import type { Caller } from '../caller.js';
import { LinodeForbidden, LinodeRefused, LinodeUnauthenticated } from '../errors.js';

/**
 * Whether the API itself refused the request after it had accepted the token. Overload, failures, and what a proxy in
 * front of the API responds prove nothing about the token.
 */
export const provesToken = (error: unknown): boolean =>
  (error instanceof LinodeForbidden || error instanceof LinodeRefused) && error.reasons.length > 0;

/** @throws {LinodeUnauthenticated} unsent, without a token */
export function assertToken({ token }: Caller, method: string, path: string): void {
  if (token !== null) return;
  const facts = { method, path: path.replace(/\?.*/, ''), sent: false };
  throw new LinodeUnauthenticated('A token is needed for this', facts);
}
