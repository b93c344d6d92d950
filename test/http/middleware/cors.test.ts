import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { hasBrowser, launchBrowser } from '../../support/browser.js';
import {
  GRAPHIQL_DIRECTORY,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.js';

let linode: Sandbox | undefined;
let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.close();
  await linode?.close();
});

async function start(
  protection: TestGatewayOptions['protection'],
  rest: Partial<TestGatewayOptions> = {},
): Promise<string> {
  linode = await startSandbox();
  gateway = await startTestGateway({ linodeApiUrl: linode.url, ...(protection && { protection }), ...rest });
  return gateway.url;
}

const APP = 'https://app.example.com';
const preflight = (url: string, origin: string, headers = 'authorization,content-type') =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    },
  });
const query = (url: string, origin?: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(origin !== undefined && { origin }) },
    body: '{"query":"{ __typename }"}',
  });
const allowedOrigin = ({ headers }: Response) => headers.get('access-control-allow-origin');
const vary = ({ headers }: Response) => headers.get('vary')?.toLowerCase().split(/, */) ?? [];

describe.each([
  ['with GraphiQL', { graphiql: { directory: GRAPHIQL_DIRECTORY, sandbox: false } }],
  ['without GraphiQL', {}],
])('a page of another origin, %s,', (_, rest) => {
  it('may send requests if its origin is allowed, with its token in a header', async () => {
    const url = await start({ corsOrigins: [APP] }, rest);
    const response = await preflight(url, APP);
    expect(response.status).toBe(204);
    expect(allowedOrigin(response)).toBe(APP);
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect(vary(response)).toContain('origin');
    const read = await query(url, APP);
    expect([read.status, allowedOrigin(read)]).toEqual([200, APP]);
    expect(vary(read)).toContain('origin');
  });

  it('may not by default', async () => {
    const url = await start({ corsOrigins: [] }, rest);
    for (const response of [await preflight(url, APP), await query(url, APP)]) {
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('an allowed origin', () => {
  const PATTERNS = ['https://*.example.com', 'http://*.local.test:3000', 'https://pr.*.preview.example.org'];
  it.each([
    [true, APP],
    [true, 'https://a.example.com'],
    [true, 'https://pr-12.example.com'],
    [true, 'https://my_app.example.com'],
    [true, 'https://xn--bcher-kva.example.com'],
    [false, 'https://example.com'],
    [false, 'https://.example.com'],
    [false, 'https://evil-example.com'],
    [false, 'https://evilexample.com'],
    [false, 'https://a.example.com.evil.org'],
    [false, 'https://a.example.comevil.org'],
    [false, 'https://a.b.example.com'],
    [false, 'https://a.example.org'],
    [false, 'https://aXexample.com'],
    [false, 'https://a.exampleXcom'],
    [false, 'http://a.example.com'],
    [false, 'https://a.example.com:8443'],
    [false, 'https://a.example.com/'],
    [false, 'https://evil.org/.example.com'],
    [false, 'https://evil.org#.example.com'],
    [false, 'https://evil.org?.example.com'],
    [false, 'https://user@.example.com'],
    [false, 'https://*.example.com'],
    [false, 'xhttps://a.example.com'],
    [false, 'null'],
    [true, 'http://a.local.test:3000'],
    [false, 'http://a.local.test'],
    [false, 'http://a.local.test:30000'],
    [false, 'https://a.local.test:3000'],
    [true, 'https://pr.7.preview.example.org'],
    [false, 'https://pr.preview.example.org'],
    [false, 'https://xpr.7.preview.example.org'],
  ])('by patterns: %s for %s', async (isAllowed, origin) => {
    const url = await start({ corsOrigins: PATTERNS });
    for (const response of [await preflight(url, origin), await query(url, origin)]) {
      expect(allowedOrigin(response)).toBe(isAllowed ? origin : null);
      expect(vary(response)).toContain('origin');
    }
  });

  it('without a pattern is that origin alone', async () => {
    const url = await start({ corsOrigins: [APP] });
    for (const origin of ['https://evil.example.com', `${APP}.evil.com`, 'null', 'http://app.example.com']) {
      expect(allowedOrigin(await preflight(url, origin))).toBeNull();
      expect(allowedOrigin(await query(url, origin))).toBeNull();
    }
  });

  it('may never send cookies', async () => {
    const url = await start({ corsOrigins: [APP] });
    expect((await query(url, APP)).headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may read refusals too, the rate limit among them', async () => {
    const url = await start({ corsOrigins: [APP], rateLimitPerMinute: 1 });
    expect(allowedOrigin(await fetch(url, { method: 'PUT', headers: { origin: APP } }))).toBe(APP);
    let last = await query(url, APP);
    while (last.status === 200) last = await query(url, APP);
    expect([last.status, allowedOrigin(last)]).toEqual([429, APP]);
    expect(last.headers.get('access-control-expose-headers')).toContain('Retry-After');
  });

  it('may send preflights beyond the rate limit', async () => {
    const url = await start({ corsOrigins: [APP], rateLimitPerMinute: 1 });
    for (let i = 0; i < 5; i++) expect((await preflight(url, APP)).status).toBe(204);
    expect((await query(url, APP)).status).toBe(200);
  });
});

describe('any origin', () => {
  it('gets *, so that a response in a shared cache serves every page', async () => {
    const url = await start({ corsOrigins: ['*'] });
    for (const response of [
      await preflight(url, 'https://anywhere.example'),
      await query(url, 'https://anywhere.example'),
      await query(url, 'null'),
      await query(url),
      await fetch(`${url}?query={__typename}`, { headers: { 'apollo-require-preflight': '1' } }),
    ]) {
      expect(allowedOrigin(response)).toBe('*');
      expect(vary(response)).not.toContain('origin');
    }
  });
});

describe('the allowed headers', () => {
  const allowedHeaders = async (url: string): Promise<string[]> => {
    const { headers } = await preflight(url, APP);
    return headers.get('access-control-allow-headers')?.toLowerCase().split(/, */) ?? [];
  };
  const DEFAULTS = [
    'authorization',
    'content-type',
    'cache-control',
    'apollographql-client-name',
    'apollographql-client-version',
    'traceparent',
    'tracestate',
    'baggage',
    'sentry-trace',
    'x-request-id',
  ];

  it('are those of this API, of common clients and of tracers', async () => {
    expect(await allowedHeaders(await start({ corsOrigins: [APP] }))).toEqual(
      expect.arrayContaining(DEFAULTS),
    );
  });

  it('are these and those of the configuration', async () => {
    const url = await start({ corsOrigins: [APP], corsAllowHeaders: ['X-Tenant', 'b3'] });
    expect(await allowedHeaders(url)).toEqual(expect.arrayContaining([...DEFAULTS, 'x-tenant', 'b3']));
  });
});

(hasBrowser() ? describe : describe.skip)('a page in a browser', () => {
  let browser: Browser;
  let pages: Server;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    pages = createServer((_, res) => {
      res.writeHead(200, { 'content-type': 'text/html' }).end('<title>page</title>');
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => pages.once('listening', listening));
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    page = await browser.newPage();
    await page.goto(origin);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await new Promise((closed) => pages.close(closed));
  });

  /** The status that the page sees, or that it sees none. */
  const send = (url: string, headers: Record<string, string>): Promise<number | string> =>
    page.evaluate(
      async ([to, sent]) =>
        fetch(to, { method: 'POST', headers: sent, body: '{"query":"{ __typename }"}' }).then(
          ({ status }) => status,
          () => 'blocked',
        ),
      [url, { 'content-type': 'application/json', ...headers }] as const,
    );

  it('sends the headers of common clients', async () => {
    const url = await start({ corsOrigins: [origin], corsAllowHeaders: ['x-tenant'] });
    const names = [
      'authorization',
      'apollographql-client-name',
      'apollographql-client-version',
      'traceparent',
      'tracestate',
      'baggage',
      'sentry-trace',
      'x-request-id',
      'x-tenant',
    ];
    for (const name of names) {
      const value = name === 'authorization' ? 'Bearer alice-full' : 'value';
      expect([name, await send(url, { [name]: value })]).toEqual([name, 200]);
    }
    expect(await send(url, { 'x-other': 'value' })).toBe('blocked');
  });

  it('is blocked if its origin is not allowed', async () => {
    expect(await send(await start({ corsOrigins: [APP] }), {})).toBe('blocked');
    await gateway?.close();
    await linode?.close();
    expect(await send(await start({ corsOrigins: ['*'] }), {})).toBe(200);
  });
});
