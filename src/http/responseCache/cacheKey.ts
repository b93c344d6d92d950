import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * The request headers, besides `Authorization`, that the application reads. Two requests with the same method, URL,
 * body and these have the same response. A header that is missing here would be a policy that the cache ignores.
 */
export const KEY_HEADERS = [
  'content-type',
  'accept',
  'origin',
  'apollo-require-preflight',
  'x-apollo-operation-name',
] as const;

/** A request with one of these bypasses the cache. */
export const BYPASS_HEADERS = [
  'cache-control',
  'x-explain',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'upgrade',
] as const;

/** They choose among the forms of one response, which the cache does by the same functions as the application. */
export const FORM_HEADERS = ['accept-encoding', 'if-none-match'] as const;

/** Longer heads are rare, and not worth caching. */
const MAX_HEAD_LENGTH = 2048;

/** What a cache key is made of, but for the body. */
export interface RequestHead {
  /** The method and the key headers without secrets: what decides whether a body is read at all. */
  policy: string;
  url: string;
  authorization: string;
}

/** The head of a request that may be answered from the cache; undefined for one that bypasses it. */
export function cacheableHead({ method, url, headers }: IncomingMessage): RequestHead | undefined {
  if (method !== 'POST' && method !== 'GET') return undefined;
  // Such a body would have to be read, if only to be refused.
  if (method === 'GET' && (headers['content-length'] ?? '0') !== '0') return undefined;
  if (url === undefined || !(url === '/graphql' || url.startsWith('/graphql?'))) return undefined;
  for (const name of BYPASS_HEADERS) if (headers[name] !== undefined) return undefined;
  let policy: string = method;
  // A header's value holds no line break.
  for (const name of KEY_HEADERS) policy += `\n${headers[name]?.toString() ?? ''}`;
  if (policy.length > MAX_HEAD_LENGTH) return undefined;
  return { policy, url, authorization: headers.authorization ?? '' };
}

/** A digest, so that no key holds a token or a variable. */
export const cacheKey = ({ policy, url, authorization }: RequestHead, body: string): string =>
  hash('sha256', `${policy}\n${url}\n${authorization}\n${body}`, 'base64');
