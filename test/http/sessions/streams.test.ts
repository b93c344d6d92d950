import { afterEach, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startSessionStack, TestBrowser, type SessionStackOptions } from '../../support/signIn.js';
import { until } from '../../support/until.js';

const VIEWER = '{ viewer { username } }';
const FRIEND = 'https://app.friend.example';
const MOVING = 'private/9401';
const FOLLOW = `subscription { image(id: "${MOVING}") { label } }`;

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

async function signedIn(options: SessionStackOptions = {}) {
  const stack = await startSessionStack({ ...options, sessions: { origins: [FRIEND], ...options.sessions } });
  stack.linode.putImage('alice-full', {
    id: MOVING,
    label: 'moving',
    regions: [{ region: 'us-ord', status: 'replicating' }],
  });
  const browser = new TestBrowser(stack.gateway);
  await browser.signIn('alice');
  return { ...stack, browser };
}

const cookieOf = (browser: TestBrowser): string => browser.sessionCookie?.join('=') ?? '';

/** A client that sends these headers with the upgrade, as a browser would for a page of that origin. */
function clientOf(url: string, headers: Record<string, string>, connectionParams: object = {}): Client {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { headers });
    }
  }
  const client = createClient({
    url: url.replace('http:', 'ws:'),
    webSocketImpl: Socket,
    retryAttempts: 0,
    lazyCloseTimeout: 10_000,
    connectionParams: { ...connectionParams },
  });
  clients.push(client);
  return client;
}

/** The first result, or the error that ended it, such as the event of a closed connection. */
const first = (client: Client, query: string): Promise<{ data?: unknown; error?: unknown }> =>
  new Promise((resolve) => {
    client.subscribe(
      { query },
      {
        next: ({ data }) => resolve({ data }),
        error: (error) => resolve({ error }),
        complete: () => resolve({}),
      },
    );
  });

describe('a WebSocket with the cookie of a session', () => {
  it.each(['own', FRIEND])('acts for its user from a page of an allowed origin: %s', async (origin) => {
    const { gateway, browser } = await signedIn();
    const headers = { cookie: cookieOf(browser), origin: origin === 'own' ? browser.origin : origin };
    const client = clientOf(gateway.url, headers);
    expect(await first(client, VIEWER)).toEqual({ data: { viewer: { username: 'alice' } } });
    expect(await first(client, FOLLOW)).toEqual({ data: { image: { label: 'moving' } } });
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another subdomain', { origin: 'https://evil.friend.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['no page', {}],
    ['a page with CORS, which may not use sessions', { origin: 'https://cors.example' }],
  ])('is refused from %s', async (_, headers) => {
    const { gateway, browser, linode } = await signedIn({
      gateway: { protection: { corsOrigins: ['https://cors.example'] } },
    });
    linode.clearRequests();
    const client = clientOf(gateway.url, { cookie: cookieOf(browser), ...headers });
    const { error } = await first(client, VIEWER);
    expect((error as { message: string }).message).toContain('403');
    expect(linode.requests).toEqual([]);
  });

  it('acts for the token if one is sent: it wins', async () => {
    const { gateway, browser } = await signedIn();
    const headers = { cookie: cookieOf(browser), origin: browser.origin };
    const client = clientOf(gateway.url, headers, { authorization: 'Bearer bob-full' });
    expect(await first(client, VIEWER)).toEqual({ data: { viewer: { username: 'bob' } } });
  });

  it('is refused when the session has ended, and closed when it ends', async () => {
    const { gateway, browser } = await signedIn();
    const headers = { cookie: cookieOf(browser), origin: browser.origin };
    const client = clientOf(gateway.url, headers);
    expect(await first(client, VIEWER)).toMatchObject({ data: {} });
    await browser.signOut();
    expect(await first(client, VIEWER)).toMatchObject({ error: expect.anything() });
    const late = await first(clientOf(gateway.url, headers), VIEWER);
    expect(late).toMatchObject({ error: { code: 4403 } });
  });

  it('uses the token of each refresh', async () => {
    const { gateway, browser, clock, linode } = await signedIn();
    linode.setLogin({ expiresInSeconds: 600 });
    await browser.signIn('alice');
    const client = clientOf(gateway.url, { cookie: cookieOf(browser), origin: browser.origin });
    expect(await first(client, VIEWER)).toEqual({ data: { viewer: { username: 'alice' } } });
    // In steps, so that the client's pongs arrive in time.
    for (let seconds = 0; seconds < 700; seconds += 5) {
      clock.advance(5000);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    expect(await first(client, VIEWER)).toEqual({ data: { viewer: { username: 'alice' } } });
  });
});

describe('EventSource with the cookie of a session', () => {
  const open = async (browser: TestBrowser, headers: Record<string, string>) => {
    const controller = new AbortController();
    const response = await fetch(`${browser.origin}/graphql?query=${encodeURIComponent(FOLLOW)}`, {
      headers: { accept: 'text/event-stream', cookie: cookieOf(browser), ...headers },
      signal: controller.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    if (response.status === 200) {
      await until(async () => {
        text += (await reader?.read())?.value ?? '';
        return text.includes('data:') && text.includes('\n\n');
      }, 'an event');
    }
    controller.abort();
    return { status: response.status, text };
  };

  it('acts for its user from a page of the own origin', async () => {
    const { browser } = await signedIn();
    const { status, text } = await open(browser, { 'sec-fetch-site': 'same-origin' });
    expect(status).toBe(200);
    expect(text).toContain('"moving"');
  });

  it.each([
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://cors.example', 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    {},
  ])('is refused with %j', async (headers) => {
    const { browser, linode } = await signedIn({
      gateway: { protection: { corsOrigins: ['https://cors.example'] } },
    });
    linode.clearRequests();
    expect((await open(browser, headers as Record<string, string>)).status).toBe(403);
    expect(linode.requests).toEqual([]);
  });
});
