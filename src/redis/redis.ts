/** What a script or a command returns. Texts are bytes. */
export type Reply = Buffer | number | null | readonly Reply[];

/** A Lua script, which Redis runs as one step. */
export interface Script {
  readonly lua: string;
}

/** `degraded`: commands fail at once, until a probe in the background has succeeded. */
export type RedisState = 'connected' | 'degraded';

/** A command that was not carried out, or whose outcome is unknown. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
}

/** A lock that expires by itself. */
export interface Lock {
  /** Releases the lock unless it has expired, or another one holds it by now. */
  release(): Promise<void>;
}

/**
 * Redis as the gateway uses it: a store that several processes share, and that may be away at any time. Every command
 * rejects with {@link RedisUnavailable} within 50 ms, or at once while the state is `degraded`. Times are in ms.
 */
export interface Redis {
  readonly state: RedisState;
  run(script: Script, keys: readonly string[], args?: readonly (string | number | Buffer)[]): Promise<Reply>;
  get(key: string): Promise<Buffer | null>;
  set(key: string, value: Buffer, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Sets the value if the present one is `expected`; null is no value.
   * @returns whether it was set
   */
  compareAndSet(key: string, expected: Buffer | null, value: Buffer | null, ttlMs: number): Promise<boolean>;
  /** Null while another process holds it. */
  lock(key: string, ttlMs: number): Promise<Lock | null>;
  publish(channel: string, message: Buffer): Promise<void>;
  /**
   * Messages may be lost, whenever a connection is.
   * @returns a function that ends the subscription
   */
  subscribe(channel: string, onMessage: (message: Buffer) => void): () => void;
  /** Calls the listener with each new state. */
  onState(listener: (state: RedisState) => void): void;
  /** Calls the listener with each command's duration in ms, and whether it succeeded. */
  onCommand(listener: (durationMs: number, isSuccess: boolean) => void): void;
  close(): Promise<void>;
}
