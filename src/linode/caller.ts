import { createHash } from 'node:crypto';

/** A client of Linode, identified by its token. Everything that is cached for a caller is cached by its key. */
export interface Caller {
  /** The SHA-256 of the token in hex, or `anonymous`. */
  readonly key: string;
  /** Sent to Linode's host only; null for the anonymous caller. */
  readonly token: string | null;
}

export const ANONYMOUS: Caller = { key: 'anonymous', token: null };

export function callerOf(token: string | null): Caller {
  if (token === null) return ANONYMOUS;
  const caller = { key: createHash('sha256').update(token).digest('hex'), token };
  // Not enumerable, so that no log or JSON of a caller contains it.
  return Object.defineProperty(caller, 'token', { value: token, enumerable: false });
}
