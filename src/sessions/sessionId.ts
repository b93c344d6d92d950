import { createHash, randomBytes } from 'node:crypto';

/** 256 bits. */
const ID_BYTES = 32;
const ID = /^[A-Za-z0-9_-]{43}$/;

/** What a session's cookie holds. It is stored nowhere: only digests of it are. */
export const newSessionId = (): string => randomBytes(ID_BYTES).toString('base64url');

/** Whether a cookie's value can be a session's ID at all. */
export const isSessionId = (value: string): boolean => ID.test(value);

/** The key of the session in the store. */
export const storeKeyOf = (id: string): string => digest('session store', id);

/**
 * The key of everything that is cached for the session (`Caller.key`): the same for its life, whatever its tokens are,
 * and no other session's. It tells nothing of the store's key. No token's digest equals it: a token holds no space.
 */
export const callerKeyOf = (id: string): string => digest('session caller', id);

const digest = (purpose: string, id: string): string =>
  createHash('sha256').update(`${purpose} ${id}`).digest('hex');
