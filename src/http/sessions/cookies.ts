import type { IncomingMessage } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { ATTEMPT_MS, attemptName } from '../../sessions/signInAttempts.js';

const SESSION = 'linode-session';
const ATTEMPT = 'linode-sign-in';
/** Of attempts that one browser may have at a time; the oldest make room. */
const MAX_ATTEMPTS = 5;

/**
 * The names and attributes of the gateway's cookies. Over https their names have the prefix `__Host-`, so that no
 * other host of the site can set them. Over http, which is for development, the port is in their names: browsers share
 * the cookies of all ports of a host.
 */
export class Cookies {
  readonly #isSecure: boolean;
  readonly #prefix: string;
  readonly #suffix: string;

  /** @param base the gateway's URL as the browser sees it */
  constructor(base: URL) {
    this.#isSecure = base.protocol === 'https:';
    this.#prefix = this.#isSecure ? '__Host-' : '';
    this.#suffix = this.#isSecure ? '' : `-${base.port || '80'}`;
  }

  get sessionName(): string {
    return this.#prefix + SESSION + this.#suffix;
  }

  /** The value of the session's cookie; undefined without one. */
  sessionOf(req: IncomingMessage): string | undefined {
    return cookiesOf(req)[this.sessionName];
  }

  session(id: string, maxAgeMs: number): string {
    return this.#set(this.sessionName, id, maxAgeMs);
  }

  noSession(): string {
    return this.#set(this.sessionName, '', 0);
  }

  /** The sealed attempt with this state. */
  attemptOf(req: IncomingMessage, state: string): string | undefined {
    return cookiesOf(req)[this.#attemptPrefix + attemptName(state)];
  }

  /** Adds an attempt. */
  attempt(req: IncomingMessage, state: string, sealed: string): string[] {
    const others = Object.keys(cookiesOf(req)).filter((name) => name.startsWith(this.#attemptPrefix));
    // Browsers send the oldest first.
    const tooMany = others.slice(0, Math.max(0, others.length - MAX_ATTEMPTS + 1));
    return [
      ...tooMany.map((name) => this.#set(name, '', 0)),
      this.#set(this.#attemptPrefix + attemptName(state), sealed, ATTEMPT_MS),
    ];
  }

  noAttempt(state: string): string {
    return this.#set(this.#attemptPrefix + attemptName(state), '', 0);
  }

  get #attemptPrefix(): string {
    return `${this.#prefix}${ATTEMPT}${this.#suffix}-`;
  }

  #set(name: string, value: string, maxAgeMs: number): string {
    return stringifySetCookie({
      name,
      value,
      maxAge: Math.floor(maxAgeMs / 1000),
      path: '/',
      httpOnly: true,
      secure: this.#isSecure,
      // Not strict: the browser comes back from the login server by a navigation of another site.
      sameSite: 'lax',
    });
  }
}

const cookiesOf = ({ headers: { cookie } }: IncomingMessage): Record<string, string | undefined> =>
  cookie === undefined ? {} : parseCookie(cookie, { decode: (value) => value });
