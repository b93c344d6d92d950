import { hash } from 'node:crypto';

/** A client of Linode. Everything that is cached for a caller is cached by its key. */
export interface Caller {
  /** The SHA-256 of the token in hex, or `anonymous`; of a session, a digest that outlives its tokens. */
  readonly key: string;
  /** Sent to Linode's host only; null for the anonymous caller. */
  readonly token: string | null;
  /** Of a session: grows whenever its token is replaced. 0 for callers whose token is their identity. */
  readonly tokenVersion: number;
}

/** The token is private, so that no log or JSON of a caller contains it. */
class TokenCaller implements Caller {
  readonly #token: string;

  constructor(
    readonly key: string,
    readonly tokenVersion: number,
    token: string,
  ) {
    this.#token = token;
  }

  get token(): string {
    return this.#token;
  }
}

export const ANONYMOUS: Caller = { key: 'anonymous', token: null, tokenVersion: 0 };

export const callerOf = (token: string | null): Caller =>
  token === null ? ANONYMOUS : new TokenCaller(hash('sha256', token, 'hex'), 0, token);

/**
 * The caller of a session, whose token is replaced from time to time.
 * @param tokenVersion from 1
 */
export const sessionCaller = (key: string, token: string, tokenVersion: number): Caller =>
  new TokenCaller(key, tokenVersion, token);

/** A caller in a message between processes: the token alone, unless it is a session's. */
export interface WireCaller {
  token: string | null;
  session?: { key: string; tokenVersion: number };
}

export const toWire = ({ key, token, tokenVersion }: Caller): WireCaller =>
  tokenVersion === 0 ? { token } : { token, session: { key, tokenVersion } };

export const fromWire = ({ token, session }: WireCaller): Caller =>
  session && token !== null ? sessionCaller(session.key, token, session.tokenVersion) : callerOf(token);

/** Whether the caller signed in: it sent a cookie, not a token. */
export const isSession = ({ tokenVersion }: Caller): boolean => tokenVersion > 0;
