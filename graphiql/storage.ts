import type { Storage } from '@graphiql/toolkit';

const PREFIX = 'graphiql:';

/**
 * The browser's storage, but no header is ever written to it. `shouldPersistHeaders: false` is not enough: the
 * history stores the headers of every operation that ran, token included.
 */
export const storage: Storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => {
    if (key === `${PREFIX}headers`) return;
    localStorage.setItem(key, withoutHeaders(value));
  },
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ownKeys().length;
  },
};

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

function withoutHeaders(value: string): string {
  if (!value.includes('"headers"')) return value;
  try {
    return JSON.stringify(JSON.parse(value, (key, part: unknown) => (key === 'headers' ? null : part)));
  } catch {
    return value; // A query or variables being typed, not one of GraphiQL's records.
  }
}
