import { Cancellation } from '../cancellation.js';
import { sleep, type Clock } from '../clock.js';
import type { LoginServer, TokenPair } from './loginServer.js';
import { LoginServerError } from './loginServerError.js';
import { isUsable, needsRefresh, nextData, type SessionData } from './sessionData.js';
import { SessionStoreUnavailable } from './sessionStore.js';
import type { StoredSession, StoredSessions } from './storedSessions.js';

export interface RefresherOptions {
  sessions: StoredSessions;
  login: LoginServer;
  clock: Clock;
  /** Of one request to the login server. */
  timeoutMs: number;
  /** Revokes what became useless; failures are only reported. */
  revokeLater: (accessToken: string) => void;
  /** Receives why a refresh failed: it holds no token and names no user. */
  onProblem: (problem: string) => void;
}

/** Beyond the timeout of the request: for storing its response. */
const MARGIN_MS = 5000;
/** How often a process looks whether another one has refreshed. */
const POLL_MS = 50;
const RETRY_STORE_MS = 250;
/** After a failure of the login server. */
const RETRY_AFTER_MS = 15_000;

/**
 * Refreshes tokens, one refresh at a time for a session: within the process by sharing a promise, over all processes
 * by a mark in the store, which one of them can set. The new tokens are stored before they are used. A refresh whose
 * response is lost is never repeated, since its refresh token may be used up: the session ends.
 */
export class Refresher {
  readonly #flights = new Map<string, Promise<StoredSession | undefined>>();
  /** Marks that the store may hold although it failed: no refresh followed them yet. By key, as they are stored. */
  readonly #unconfirmed = new Map<string, string>();

  constructor(private readonly options: RefresherOptions) {}

  /**
   * The session with a token that may be used; undefined if the session has ended.
   * @throws {LoginServerError} `unavailable` if the token has ended and cannot be refreshed now
   * @throws {SessionStoreUnavailable}
   */
  refresh(session: StoredSession): Promise<StoredSession | undefined> {
    const { key } = session;
    const running = this.#flights.get(key);
    if (running) return running;
    const flight = this.#run(session).finally(() => {
      this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    return flight;
  }

  /** Resolves when no refresh is in flight. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
  }

  async #run(session: StoredSession): Promise<StoredSession | undefined> {
    const { sessions, clock, timeoutMs } = this.options;
    for (
      let current: StoredSession | undefined = session;
      current;
      current = await sessions.read(session.key)
    ) {
      const { data } = current;
      const now = clock.now();
      if (!needsRefresh(data, now)) return current;
      if (data.refreshToken === null) {
        await sessions.delete(current.key);
        return undefined;
      }
      if (data.refreshingUntil !== undefined) {
        if (this.#unconfirmed.get(current.key) === current.sealed) return this.#exchange(current);
        if (now >= data.refreshingUntil) return this.#endLost(current);
        await sleep(clock, POLL_MS, new Cancellation().signal);
        continue;
      }
      if (now < (data.retryAt ?? 0)) return this.#untilRetry(current);
      const refreshingUntil = now + timeoutMs + MARGIN_MS;
      const marked = sessions.prepare(current, { ...withoutMarks(data), refreshingUntil });
      this.#unconfirmed.set(current.key, marked.sealed);
      if (await sessions.swap(current, marked)) return this.#exchange(marked);
      this.#unconfirmed.delete(current.key);
    }
    return undefined;
  }

  async #exchange(marked: StoredSession): Promise<StoredSession | undefined> {
    this.#unconfirmed.delete(marked.key);
    let pair: TokenPair;
    try {
      pair = await this.options.login.refresh(marked.data.refreshToken ?? '');
    } catch (error) {
      return this.#handleFailure(marked, LoginServerError.from(error));
    }
    return this.#store(marked, pair);
  }

  async #store(marked: StoredSession, pair: TokenPair): Promise<StoredSession | undefined> {
    const { sessions, revokeLater } = this.options;
    // What is cached for the session was read with its scopes.
    const hasSameScopes = pair.scopes.join(' ') === marked.data.scopes.join(' ');
    const next = sessions.prepare(marked, nextData(marked.data, pair));
    try {
      if (hasSameScopes && (await this.#swap(marked, next))) return next;
    } catch (error) {
      revokeLater(pair.accessToken);
      throw error;
    }
    // Other scopes, or signed out meanwhile.
    revokeLater(pair.accessToken);
    await sessions.delete(marked.key);
    return undefined;
  }

  /** Repeats while the store fails, as long as the mark keeps others away: the new tokens exist nowhere else. */
  async #swap(marked: StoredSession, next: StoredSession): Promise<boolean> {
    const { sessions, clock } = this.options;
    const until = clock.now() + MARGIN_MS - RETRY_STORE_MS;
    for (;;) {
      try {
        if (await sessions.swap(marked, next)) return true;
        // An attempt that failed may have been carried out.
        return (await sessions.read(marked.key))?.sealed === next.sealed;
      } catch (error) {
        if (!(error instanceof SessionStoreUnavailable) || clock.now() >= until) throw error;
        await sleep(clock, RETRY_STORE_MS, new Cancellation().signal);
      }
    }
  }

  async #handleFailure(marked: StoredSession, error: LoginServerError): Promise<StoredSession | undefined> {
    const { sessions, clock, onProblem } = this.options;
    const isLost = error.failure !== 'unavailable';
    onProblem(`A token could not be refreshed${isLost ? ', and its session ends' : ''}: ${error.message}`);
    if (isLost) return this.#endLost(marked);
    const retryAt = clock.now() + RETRY_AFTER_MS;
    const released = await sessions.replace(marked, { ...withoutMarks(marked.data), retryAt });
    return released && this.#untilRetry(released);
  }

  /** The present token serves while it lasts. */
  #untilRetry(session: StoredSession): StoredSession {
    if (isUsable(session.data, this.options.clock.now())) return session;
    throw new LoginServerError('unavailable', 'The login server cannot be reached');
  }

  async #endLost({ key, data }: StoredSession): Promise<undefined> {
    await this.options.sessions.delete(key);
    this.options.revokeLater(data.accessToken);
    return undefined;
  }
}

function withoutMarks(data: SessionData): SessionData {
  const rest = { ...data };
  delete rest.refreshingUntil;
  delete rest.retryAt;
  return rest;
}
