import { createHash } from 'node:crypto';

/** Who asks: all that is kept of one caller is kept under its key, and the key does not tell the token. */
export interface Caller {
  /** The SHA-256 of the token in hex, or `anonymous`. */
  readonly key: string;
  /** Goes to Linode's host only; null for the anonymous caller. */
  readonly token: string | null;
}

export const ANONYMOUS: Caller = { key: 'anonymous', token: null };

export function callerOf(token: string | null): Caller {
  if (token === null) return ANONYMOUS;
  const caller = { key: createHash('sha256').update(token).digest('hex'), token };
  // Not enumerable: whatever prints or serialises a caller does not tell its token.
  return Object.defineProperty(caller, 'token', { value: token, enumerable: false });
}
