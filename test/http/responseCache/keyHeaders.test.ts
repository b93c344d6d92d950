import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HeaderMap } from '@apollo/server';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-node';
import { PersistedOperations } from '../../../src/graphql/documents/persistedOperations.js';
import { BYPASS_HEADERS, FORM_HEADERS, KEY_HEADERS } from '../../../src/http/responseCache/cacheKey.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';
import { sessionsOn } from '../../support/signIn.js';
import { LIST, post, REQUESTS, send } from './requests.js';

/** Headers that may be read although two requests that differ in them have the same response. */
const HARMLESS: Record<string, string> = {
  host: 'checked before the cache; the port is in the name of a cookie',
  cookie: 'requests with a session bypass the cache: test/http/sessions/caching.test.ts',
  'x-forwarded-for': 'counted before the cache',
  'x-request-id': 'each response has its own',
  'content-length': 'frames the body, which is in the key',
  traceparent: 'the span of a request is its own',
  tracestate: 'the same',
  baggage: 'the same',
};
const KNOWN = new Set<string>([
  ...KEY_HEADERS,
  ...BYPASS_HEADERS,
  ...FORM_HEADERS,
  'authorization',
  ...Object.keys(HARMLESS),
]);

/** Headers as clients and proxies send them; none may matter unless it is known. */
const USUAL = {
  'user-agent': 'test',
  cookie: 'session=1',
  referer: 'https://app.example/',
  'accept-language': 'en',
  'accept-encoding': 'gzip, br',
  'sec-fetch-site': 'cross-site',
  'x-forwarded-for': '192.0.2.1',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'gateway.example',
  forwarded: 'for=192.0.2.1',
  via: '1.1 proxy',
  range: 'bytes=0-9',
  'x-http-method-override': 'DELETE',
  'apollographql-client-name': 'test',
  'apollographql-client-version': '1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

/** The names that are read of these headers. Copying all of them is no reading: what reads the copy is recorded too. */
function record(headers: IncomingHttpHeaders, names: Set<string>): IncomingHttpHeaders {
  let copied: string | symbol | undefined;
  return new Proxy(headers, {
    getOwnPropertyDescriptor(target, name) {
      copied = name;
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    get(target, name) {
      if (typeof name === 'string' && name !== copied) names.add(name.toLowerCase());
      copied = undefined;
      return Reflect.get(target, name) as unknown;
    },
    has(target, name) {
      if (typeof name === 'string') names.add(name.toLowerCase());
      return Reflect.has(target, name);
    },
  });
}

/** Records what is read of Apollo's copy, too. */
function recordApollo(names: () => Set<string>): void {
  for (const method of ['get', 'has'] as const) {
    const original = Map.prototype[method];
    jest.spyOn(HeaderMap.prototype, method).mockImplementation(function (this: HeaderMap, name: string) {
      // Those of a response have no Host.
      if (Map.prototype.has.call(this, 'host')) names().add(name.toLowerCase());
      return original.call(this, name.toLowerCase()) as never;
    });
  }
}

describe.each<[string, Partial<TestGatewayOptions>]>([
  [
    'any operation',
    {
      tracer: new BasicTracerProvider().getTracer('test'),
      protection: { rateLimitPerMinute: 1e6, trustProxyHops: 1, corsOrigins: ['https://app.example'] },
    },
  ],
  [
    'users who can sign in',
    { sessions: sessionsOn({ origin: 'http://127.0.0.1:1' }, { origins: ['https://app.example'] }) },
  ],
  [
    'persisted operations',
    { protection: { corsOrigins: ['*'], persistedOperations: new PersistedOperations({ x: LIST }) } },
  ],
])('the key of the response cache, for %s', (_, options) => {
  let linode: Sandbox;
  let gateway: TestGateway;
  let names: Set<string>;

  beforeEach(async () => {
    linode = await startSandbox();
    gateway = await startTestGateway({ linodeApiUrl: linode.url, ...options, responseCache: true });
    names = new Set();
    gateway.server.prependListener('request', (req: IncomingMessage) => {
      Object.defineProperty(req, 'headers', { value: record(req.headers, names) });
    });
    recordApollo(() => names);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.close();
    await linode.close();
  });

  it('names every header that anything reads, but for those that cannot change a response', async () => {
    const unknown: Record<string, string[]> = {};
    for (const [title, request] of Object.entries(REQUESTS)) {
      // Other methods are never cached.
      if (request.method === 'OPTIONS') continue;
      const before = { ...request, headers: { ...USUAL, ...request.headers } };
      for (let i = 0; i < 3; i++) await send(gateway, before);
      const found = [...names].filter((name) => !KNOWN.has(name));
      if (found.length > 0) unknown[title] = found;
      names.clear();
    }
    expect(unknown).toEqual({});
  });

  it('is checked by a recording that sees what the application and Apollo read', async () => {
    await send(gateway, post(LIST));
    expect([...names]).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'accept', 'cache-control', 'origin']),
    );
    expect(names.has('apollo-require-preflight') || names.has('x-apollo-operation-name')).toBe(true);
    expect(names.has('user-agent')).toBe(false);
  });
});
