import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SharedCatalogs } from '../../../src/catalog/sharedCatalogs.js';
import { EncodedBody } from '../../../src/http/encoding/encodedBody.js';
import { ResponseCacheStore, type CacheEntry } from '../../../src/http/responseCache/responseCacheStore.js';

const MB = 1024 * 1024;
/** It cannot be compressed: its encoded form is as large. */
const BODY = randomBytes(10 * MB);

const newEntry = (): CacheEntry =>
  ({ body: new EncodedBody(BODY), forms: new Map() }) as unknown as CacheEntry;

describe('the memory of the response cache', () => {
  it('counts the compressed form of an entry from when it is there', async () => {
    const store = new ResponseCacheStore({} as SharedCatalogs);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const key of keys) store.set(key, newEntry());
    const kept = () => keys.filter((key) => store.get(key) !== undefined);
    expect(kept()).toEqual(keys);
    await store.get('f')?.body.in('gzip');
    expect(kept()).toEqual(keys.slice(1));
  });

  it('does not take an evicted entry back when its compressed form comes late', async () => {
    const store = new ResponseCacheStore({} as SharedCatalogs);
    const entry = newEntry();
    store.set('early', entry);
    const encoded = entry.body.in('gzip');
    for (let i = 0; i < 6; i++) store.set(`later ${i}`, newEntry());
    expect(store.get('early')).toBeUndefined();
    await encoded;
    expect(store.get('early')).toBeUndefined();
  });
});
