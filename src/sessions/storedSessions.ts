import type { Clock } from '../clock.js';
import type { Sealer } from './sealer.js';
import { parseSession, type SessionData } from './sessionData.js';
import type { SessionStore } from './sessionStore.js';

export interface Lifetimes {
  /** How long a session lives without a request. */
  idleMs: number;
  /** How long it lives at most. */
  maxMs: number;
}

/** A session that was read: `sealed` is its version for a later replacement. */
export interface StoredSession {
  key: string;
  sealed: string;
  data: SessionData;
}

/** Sessions in a store, sealed. Methods reject with `SessionStoreUnavailable`. */
export class StoredSessions {
  constructor(
    private readonly store: SessionStore,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly lifetimes: Lifetimes,
  ) {}

  /** Undefined if there is none, it has ended, or no current secret opens it. */
  async read(key: string): Promise<StoredSession | undefined> {
    const sealed = await this.store.get(key);
    const text = sealed === undefined ? undefined : this.sealer.open(sealed, contextOf(key));
    const data = text === undefined ? undefined : parseSession(text);
    if (sealed === undefined || data === undefined || this.clock.now() >= data.endsAt) return undefined;
    return { key, sealed, data };
  }

  async create(key: string, data: SessionData, owner: string): Promise<void> {
    await this.store.create(key, this.#seal(key, data), this.#ttlMs(data), owner);
  }

  /** What a session becomes; nothing is stored yet. */
  prepare({ key }: StoredSession, data: SessionData): StoredSession {
    return { key, sealed: this.#seal(key, data), data };
  }

  /**
   * Stores what was prepared. After a failure it may be stored all the same.
   * @returns false if the session was replaced or deleted since it was read
   */
  async swap({ key, sealed }: StoredSession, next: StoredSession): Promise<boolean> {
    return this.store.replace(key, sealed, next.sealed, this.#ttlMs(next.data));
  }

  /** Undefined if it was replaced or deleted since it was read. */
  async replace(session: StoredSession, data: SessionData): Promise<StoredSession | undefined> {
    const next = this.prepare(session, data);
    return (await this.swap(session, next)) ? next : undefined;
  }

  /** Counts as a use: the idle time begins again. */
  touch({ key, data }: StoredSession): Promise<void> {
    return this.store.touch(key, this.#ttlMs(data));
  }

  delete(key: string): Promise<void> {
    return this.store.delete(key);
  }

  #seal(key: string, data: SessionData): string {
    return this.sealer.seal(JSON.stringify(data), contextOf(key));
  }

  #ttlMs({ endsAt }: SessionData): number {
    return Math.max(1, Math.ceil(Math.min(this.lifetimes.idleMs, endsAt - this.clock.now())));
  }
}

/** A stored text opens under its own key only. */
const contextOf = (key: string): string => `session ${key}`;
