import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import type { SessionStore } from './sessionStore.js';

const MAX_SESSIONS = 10_000;
/** Of one user, who would otherwise sign in so often that others are signed out. */
const MAX_SESSIONS_OF_OWNER = 50;

interface Entry {
  value: string;
  owner: string;
}

/** Sessions of one process, which end with it. Of too many the least recently used one is evicted. */
export class MemorySessionStore implements SessionStore {
  readonly #entries: LRUCache<string, Entry>;
  /** The keys of each owner, oldest first. */
  readonly #byOwner = new Map<string, Set<string>>();

  constructor(clock: Clock, maxSessions = MAX_SESSIONS) {
    this.#entries = new LRUCache<string, Entry>({
      max: maxSessions,
      perf: clock,
      ttlResolution: 0,
      // Entries have lifetimes of their own.
      ttl: 1,
      disposeAfter: ({ owner }, key, reason) => {
        if (reason !== 'set') this.#disown(owner, key);
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#entries.get(key)?.value;
  }

  async create(key: string, value: string, ttlMs: number, owner: string): Promise<void> {
    const keys = this.#byOwner.get(owner) ?? new Set();
    this.#byOwner.set(owner, keys.add(key));
    this.#entries.set(key, { value, owner }, { ttl: ttlMs });
    const [oldest] = keys;
    if (oldest !== undefined && keys.size > MAX_SESSIONS_OF_OWNER) this.#entries.delete(oldest);
  }

  async replace(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    const entry = this.#entries.get(key);
    if (entry?.value !== expected) return false;
    this.#entries.set(key, { ...entry, value }, { ttl: ttlMs });
    return true;
  }

  async touch(key: string, ttlMs: number): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry) this.#entries.set(key, entry, { ttl: ttlMs });
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key);
  }

  async close(): Promise<void> {
    this.#entries.clear();
  }

  #disown(owner: string, key: string): void {
    const keys = this.#byOwner.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) this.#byOwner.delete(owner);
  }
}
