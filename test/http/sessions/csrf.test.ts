import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { sessionsOn, TestBrowser } from '../../support/signIn.js';

const FRIEND = 'https://app.friend.example';
const OTHER = 'https://evil.example';
const QUERY = '{ viewer { username } }';
const MUTATION = 'mutation { deleteImage(input: { id: "private/23912377" }) { userErrors { message } } }';
const json = JSON.stringify({ query: QUERY });

let linode: Sandbox;
let gateway: TestGateway;
let browser: TestBrowser;

beforeAll(async () => {
  linode = await startSandbox();
  gateway = await startTestGateway({
    linodeApiUrl: linode.url,
    protection: { corsOrigins: ['*'] },
    sessions: sessionsOn(linode, { origins: [FRIEND] }),
  });
  browser = new TestBrowser(gateway);
  await browser.signIn('alice');
});
afterAll(async () => {
  jest.restoreAllMocks();
  await gateway.close();
  await linode.close();
});
beforeEach(() => linode.clearRequests());

const byGet = (document: string) => `/graphql?query=${encodeURIComponent(document)}`;
const isJson = { 'content-type': 'application/json' };
const preflighted = { 'apollo-require-preflight': '1' };

/** Every request carries the cookie, as if the browser had no SameSite. */
describe('a cross-site request with the cookie is not honored:', () => {
  it.each<[string, string, { method?: string; headers: Record<string, string>; body?: string }]>([
    [
      'a form',
      '/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: OTHER },
        body: 'query=x',
      },
    ],
    [
      'a form with plain text',
      '/graphql',
      { method: 'POST', headers: { 'content-type': 'text/plain', origin: OTHER }, body: json },
    ],
    [
      'a form with files',
      '/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x', origin: OTHER },
        body: json,
      },
    ],
    [
      'a body without a type',
      '/graphql',
      { method: 'POST', headers: { 'content-type': '', origin: OTHER }, body: json },
    ],
    ['a link or an image', byGet(QUERY), { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['a link of an old browser', byGet(QUERY), { headers: {} }],
    [
      'fetch without a preflight',
      byGet(QUERY),
      { headers: { origin: OTHER, 'sec-fetch-site': 'cross-site' } },
    ],
    ['fetch with JSON', '/graphql', { method: 'POST', headers: { ...isJson, origin: OTHER }, body: json }],
    [
      'fetch with JSON of a sandboxed frame',
      '/graphql',
      { method: 'POST', headers: { ...isJson, origin: 'null' }, body: json },
    ],
    [
      'fetch with JSON of another subdomain',
      '/graphql',
      {
        method: 'POST',
        headers: { ...isJson, origin: 'https://evil.friend.example', 'sec-fetch-site': 'same-site' },
        body: json,
      },
    ],
    [
      'fetch with JSON of an allowed host over http',
      '/graphql',
      { method: 'POST', headers: { ...isJson, origin: 'http://app.friend.example' }, body: json },
    ],
    [
      'fetch with JSON of two origins',
      '/graphql',
      { method: 'POST', headers: { ...isJson, origin: `${FRIEND}, ${OTHER}` }, body: json },
    ],
    [
      'fetch with JSON that says same-site only',
      '/graphql',
      { method: 'POST', headers: { ...isJson, 'sec-fetch-site': 'same-site' }, body: json },
    ],
    [
      'a navigation with a preflight header',
      byGet(QUERY),
      { headers: { ...preflighted, 'sec-fetch-site': 'none' } },
    ],
    ['neither Origin nor Sec-Fetch-Site', '/graphql', { method: 'POST', headers: isJson, body: json }],
    ['a GET with a preflight header', byGet(QUERY), { headers: { ...preflighted, origin: OTHER } }],
    [
      'another origin that claims to be the same',
      '/graphql',
      { method: 'POST', headers: { ...isJson, origin: OTHER, 'sec-fetch-site': 'same-origin' }, body: json },
    ],
    ['a mutation by GET', byGet(MUTATION), { headers: { ...preflighted, 'sec-fetch-site': 'cross-site' } }],
    [
      'EventSource',
      byGet(QUERY),
      { headers: { accept: 'text/event-stream', origin: OTHER, 'sec-fetch-site': 'cross-site' } },
    ],
    [
      'EventSource with a token-like body',
      '/graphql',
      { method: 'POST', headers: { ...isJson, accept: 'text/event-stream', origin: OTHER }, body: json },
    ],
  ])('%s', async (_, path, request) => {
    const response = await browser.send(path, request);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toContain('alice');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(linode.requests).toEqual([]);
  });

  it.each([OTHER, 'null', 'https://evil.friend.example'])('signing out from %s', async (origin) => {
    expect((await browser.signOut({ origin })).status).toBe(403);
    expect((await browser.signOut({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await browser.signOut({})).status).toBe(403);
    expect(linode.requests).toEqual([]);
    expect(await browser.session()).toMatchObject({ signedIn: true });
  });
});

describe('a request with the cookie is honored', () => {
  const viewer = { data: { viewer: { username: 'alice' } } };
  it.each<[string, Record<string, string>]>([
    ['of the own origin', { origin: 'own' }],
    ['of the own origin, by Fetch Metadata', { 'sec-fetch-site': 'same-origin' }],
    ['of a listed origin', { origin: FRIEND, 'sec-fetch-site': 'same-site' }],
  ])('%s', async (_, headers) => {
    const origin = headers['origin'] === 'own' ? { origin: browser.origin } : {};
    const posted = await browser.send('/graphql', {
      method: 'POST',
      headers: { ...isJson, ...headers, ...origin },
      body: json,
    });
    expect(await posted.json()).toEqual(viewer);
    const got = await browser.send(byGet(QUERY), { headers: { ...preflighted, ...headers, ...origin } });
    expect(await got.json()).toEqual(viewer);
  });

  it('but a GET changes nothing', async () => {
    const headers = { ...preflighted, origin: browser.origin };
    expect((await browser.send(byGet(MUTATION), { headers })).status).toBe(405);
    expect(linode.requests).toEqual([]);
    // The same document changes something by POST.
    const body = JSON.stringify({ query: MUTATION });
    const posted = await browser.send('/graphql', {
      method: 'POST',
      headers: { ...isJson, origin: browser.origin },
      body,
    });
    expect(await posted.json()).toEqual({ data: { deleteImage: { userErrors: [] } } });
  });
});

describe('CORS', () => {
  const corsOf = ({ headers }: Response) => ({
    origin: headers.get('access-control-allow-origin'),
    credentials: headers.get('access-control-allow-credentials'),
    vary: headers
      .get('vary')
      ?.split(', ')
      .filter((name) => name === 'Origin'),
  });
  const ask = (origin: string) =>
    fetch(gateway.url, { method: 'POST', headers: { ...isJson, origin }, body: '{"query":"{__typename}"}' });

  it('allows credentials to a listed origin by its name, never with a wildcard', async () => {
    expect(corsOf(await ask(FRIEND))).toEqual({ origin: FRIEND, credentials: 'true', vary: ['Origin'] });
    expect(corsOf(await ask(OTHER))).toEqual({ origin: '*', credentials: null, vary: ['Origin'] });
    expect(corsOf(await ask('null'))).toEqual({ origin: '*', credentials: null, vary: ['Origin'] });
  });

  it('allows a listed origin alone to look at the session and to sign out', async () => {
    for (const [path, method] of [
      ['/auth/session', 'GET'],
      ['/auth/logout', 'POST'],
    ] as const) {
      const preflight = (origin: string) =>
        browser.send(path, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': method },
        });
      expect(corsOf(await preflight(FRIEND))).toMatchObject({ origin: FRIEND, credentials: 'true' });
      expect(corsOf(await preflight(OTHER))).toMatchObject({ origin: null, credentials: null });
    }
    const seen = await browser.send('/auth/session', { headers: { origin: FRIEND } });
    expect(corsOf(seen)).toMatchObject({ origin: FRIEND, credentials: 'true' });
    const hidden = await browser.send('/auth/session', { headers: { origin: OTHER } });
    expect(corsOf(hidden)).toMatchObject({ origin: null, credentials: null });
    for (const path of ['/auth/login', '/auth/callback']) {
      expect(corsOf(await browser.send(path, { headers: { origin: FRIEND } })).origin).toBeNull();
    }
  });
});
