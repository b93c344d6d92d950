/**
 * Where sessions are stored, under keys that reveal nothing, as texts that only the gateway can read. Methods reject
 * with {@link SessionStoreUnavailable} if the store cannot be reached in time.
 */
export interface SessionStore {
  get(key: string): Promise<string | undefined>;
  /**
   * @param ttlMs after which the session ends unless it is touched
   * @param owner digest of whose session it is: one owner cannot displace the sessions of others
   */
  create(key: string, value: string, ttlMs: number, owner: string): Promise<void>;
  /** Writes only if the present value is the expected one: of several writers one succeeds. */
  replace(key: string, expected: string, value: string, ttlMs: number): Promise<boolean>;
  /** Lets the session live for `ttlMs` from now on. */
  touch(key: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}

export class SessionStoreUnavailable extends Error {
  override name = 'SessionStoreUnavailable';
}
