import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import { sessionCaller, type Caller } from '../linode/caller.js';
import type { LoginServer, TokenPair } from './loginServer.js';
import { Refresher } from './refresher.js';
import type { Sealer } from './sealer.js';
import { firstData, needsRefresh } from './sessionData.js';
import { callerKeyOf, isSessionId, newSessionId, storeKeyOf } from './sessionId.js';
import type { SessionStore } from './sessionStore.js';
import { StoredSessions, type Lifetimes, type StoredSession } from './storedSessions.js';

export interface SessionsOptions {
  store: SessionStore;
  sealer: Sealer;
  login: LoginServer;
  clock: Clock;
  lifetimes: Lifetimes;
  /** Of one request to the login server. */
  timeoutMs: number;
  /**
   * The user whose token it is; null if Linode cannot tell now.
   * @throws if Linode refuses the token
   */
  usernameOf: (caller: Caller) => Promise<string | null>;
  /** Receives problems that no response reports. They name no user and hold no token. */
  onProblem: (problem: string) => void;
}

/** A session of a browser, as a request uses it. */
export interface Session {
  /** With the present token. */
  caller: Caller;
  username: string | null;
  scopes: readonly string[];
  /** When it ends at the latest, on the clock. */
  endsAt: number;
}

/** A token that Linode refuses so soon after a refresh will not be helped by another one. */
const MIN_REFRESH_INTERVAL_MS = 60_000;
/** A use is noted in the store at most this often, as a share of the idle time. */
const TOUCH_SHARE = 1 / 30;

/** The sessions of browsers: who signed in, and the tokens that act for them. */
export class Sessions {
  readonly #stored: StoredSessions;
  readonly #refresher: Refresher;
  /** When a session was last touched by this process, by store key. */
  readonly #touched = new Map<string, number>();
  readonly #revocations = new Set<Promise<void>>();

  constructor(private readonly options: SessionsOptions) {
    const { store, sealer, clock, lifetimes, login, timeoutMs, onProblem } = options;
    this.#stored = new StoredSessions(store, sealer, clock, lifetimes);
    this.#refresher = new Refresher({
      sessions: this.#stored,
      login,
      clock,
      timeoutMs,
      revokeLater: (accessToken) => {
        this.#revokeLater(accessToken);
      },
      onProblem,
    });
  }

  /**
   * Begins a session with the tokens of a sign-in.
   * @returns its ID, for the cookie
   */
  async begin(pair: TokenPair): Promise<string> {
    const { clock, lifetimes, usernameOf } = this.options;
    const id = newSessionId();
    try {
      const username = await usernameOf(sessionCaller(callerKeyOf(id), pair.accessToken, 1));
      const data = firstData(pair, username, clock.now() + lifetimes.maxMs);
      await this.#stored.create(storeKeyOf(id), data, ownerOf(username ?? id));
    } catch (error) {
      this.#revokeLater(pair.accessToken);
      throw error;
    }
    return id;
  }

  /**
   * The session of an ID, with a token that is refreshed first if it is old. Counts as a use of the session.
   * @returns undefined if there is none, or it has ended
   * @throws {LoginServerError} `unavailable` if the token has ended and cannot be refreshed now
   * @throws {SessionStoreUnavailable}
   */
  async use(id: string): Promise<Session | undefined> {
    const found = await this.#read(id);
    const stored =
      found && needsRefresh(found.data, this.options.clock.now())
        ? await this.#refresher.refresh(found)
        : found;
    if (!stored) return undefined;
    await this.#touch(stored);
    return toSession(id, stored);
  }

  /** The session as it is stored: no use, and no refresh. */
  async look(id: string): Promise<Session | undefined> {
    const stored = await this.#read(id);
    return stored && toSession(id, stored);
  }

  /** Linode's API refused the token itself: it is refreshed before the next use, once. */
  async noteRefused(id: string, { tokenVersion }: Caller): Promise<void> {
    const stored = await this.#read(id);
    // Another request has brought a new token meanwhile.
    if (!stored || stored.data.tokenVersion !== tokenVersion) return;
    const { data } = stored;
    const isFresh =
      data.tokenVersion > 1 && this.options.clock.now() - data.issuedAt < MIN_REFRESH_INTERVAL_MS;
    if (isFresh || data.refreshToken === null) await this.#stored.delete(stored.key);
    else await this.#stored.replace(stored, { ...data, refusedVersion: tokenVersion });
  }

  /**
   * Ends a session, first here and then at the login server.
   * @returns whether its tokens are revoked
   */
  async end(id: string): Promise<boolean> {
    const stored = await this.#read(id);
    if (!stored) return false;
    await this.#stored.delete(stored.key);
    this.#touched.delete(stored.key);
    return this.#revoke(stored.data.accessToken);
  }

  /** Waits for what is in flight. */
  async close(): Promise<void> {
    await this.#refresher.settled();
    await Promise.allSettled(this.#revocations);
    await this.options.login.close();
    await this.options.store.close();
  }

  async #read(id: string): Promise<StoredSession | undefined> {
    return isSessionId(id) ? this.#stored.read(storeKeyOf(id)) : undefined;
  }

  async #touch(stored: StoredSession): Promise<void> {
    const { clock, lifetimes } = this.options;
    const now = clock.now();
    const intervalMs = lifetimes.idleMs * TOUCH_SHARE;
    if (now - (this.#touched.get(stored.key) ?? -Infinity) < intervalMs) return;
    // The oldest are first.
    for (const [key, at] of this.#touched) {
      if (now - at < intervalMs) break;
      this.#touched.delete(key);
    }
    this.#touched.delete(stored.key);
    this.#touched.set(stored.key, now);
    await this.#stored.touch(stored);
  }

  #revokeLater(accessToken: string): void {
    const revocation = this.#revoke(accessToken).then(() => {
      this.#revocations.delete(revocation);
    });
    this.#revocations.add(revocation);
  }

  async #revoke(accessToken: string): Promise<boolean> {
    try {
      await this.options.login.revoke(accessToken);
      return true;
    } catch (error) {
      this.options.onProblem(`A token could not be revoked: ${(error as Error).message}`);
      return false;
    }
  }
}

const toSession = (id: string, { data }: StoredSession): Session => ({
  caller: sessionCaller(callerKeyOf(id), data.accessToken, data.tokenVersion),
  username: data.username,
  scopes: data.scopes,
  endsAt: data.endsAt,
});

const ownerOf = (text: string): string => createHash('sha256').update(`owner ${text}`).digest('hex');
