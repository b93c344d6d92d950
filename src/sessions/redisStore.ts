import { RedisUnavailable, type Redis, type Script } from '../redis/redis.js';
import { SessionStoreUnavailable, type SessionStore } from './sessionStore.js';

const PREFIX = 'linode-images:session:';

/** KEYS: session. ARGV: TTL in ms. */
const TOUCH: Script = { lua: `return redis.call('PEXPIRE', KEYS[1], ARGV[1])` };

/**
 * Sessions that several processes share, and that outlive them. Values are sealed already. There is no bound but their
 * lifetimes: Redis has its own.
 */
export class RedisSessionStore implements SessionStore {
  /** @param redis stays open when the store is closed */
  constructor(private readonly redis: Redis) {}

  async get(key: string): Promise<string | undefined> {
    return (await available(this.redis.get(PREFIX + key)))?.toString('utf8');
  }

  async create(key: string, value: string, ttlMs: number): Promise<void> {
    await available(this.redis.set(PREFIX + key, Buffer.from(value), ttlMs));
  }

  async replace(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    return available(
      this.redis.compareAndSet(PREFIX + key, Buffer.from(expected), Buffer.from(value), ttlMs),
    );
  }

  async touch(key: string, ttlMs: number): Promise<void> {
    await available(this.redis.run(TOUCH, [PREFIX + key], [Math.ceil(ttlMs)]));
  }

  async delete(key: string): Promise<void> {
    await available(this.redis.delete(PREFIX + key));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function available<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    if (error instanceof RedisUnavailable) throw new SessionStoreUnavailable('Redis cannot be reached');
    throw error;
  }
}
