import type { Representation } from '../encoding/representation.js';
import type { CachedForm, CacheEntry } from './responseCacheStore.js';

/** An entry as one client gets it. A promise where a large body is encoded first; each form is made once. */
export function formOf(entry: CacheEntry, chosen: Representation): CachedForm | Promise<CachedForm> {
  const { coding, isKnown } = chosen;
  if (isKnown) return notModified(entry, chosen);
  const form = entry.forms.get(coding);
  if (form) return form;
  const bytes = coding === undefined ? entry.body.identity : entry.body.in(coding);
  return Buffer.isBuffer(bytes)
    ? add(entry, chosen, bytes)
    : bytes.then((ready) => add(entry, chosen, ready));
}

function add(entry: CacheEntry, { coding, etag }: Representation, bytes: Buffer): CachedForm {
  const headers = [...entry.headers, 'content-length', String(bytes.length)];
  if (coding !== undefined) headers.push('content-encoding', coding);
  if (etag !== undefined) headers.push('etag', etag);
  const form: CachedForm = { status: 200, headers, bytes };
  entry.forms.set(coding, form);
  return form;
}

function notModified({ headers: all }: CacheEntry, { etag = '' }: Representation): CachedForm {
  const headers: string[] = [];
  for (let i = 0; i < all.length; i += 2) {
    const [name = '', value = ''] = all.slice(i, i + 2);
    if (name !== 'content-type') headers.push(name, value);
  }
  headers.push('etag', etag);
  return { status: 304, headers, bytes: undefined };
}
