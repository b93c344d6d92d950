import { describe, expect, it } from '@jest/globals';
import { startSandbox } from '../../../src/sandbox/sandbox.js';
import { returnUrl } from '../../../src/http/sessions/returnTo.js';
import { startTestGateway } from '../../support/gateway.js';
import { SCOPES, sessionsOn, startSessionStack, TestBrowser } from '../../support/signIn.js';
import { until } from '../../support/until.js';

const LABELS = '{ images(first: 500) { nodes { label } } viewer { username } }';
interface Labels {
  images: { nodes: { label: string }[] };
  viewer: { username: string };
}
const BASE = new URL('https://images.example');
const VIEWER = '{ viewer { username } }';

describe('signing in', () => {
  it('gives the browser a session, which acts for its user', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    expect(await browser.session()).toEqual({ signedIn: false });
    const back = await browser.signIn('alice', '/graphql?query={x}');
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toBe(`${browser.origin}/graphql?query=%7Bx%7D`);
    expect(back.headers.get('cache-control')).toBe('no-store');
    expect(await browser.session()).toEqual({
      signedIn: true,
      username: 'alice',
      scopes: SCOPES,
      expiresAt: '2024-05-20T20:00:00.000Z',
    });
    const { data, errors } = await browser.ask<Labels>(LABELS);
    expect(errors).toEqual([]);
    expect(data.viewer.username).toBe('alice');
    expect(data.images.nodes.map(({ label }) => label)).toContain('db-golden');
  });

  it('asks the login server for a code, with a state and a PKCE challenge', async () => {
    const { gateway, linode } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const url = await browser.beginSignIn();
    expect(url.origin).toBe(linode.origin);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: '519d660133f3fbb47357',
      response_type: 'code',
      redirect_uri: `${browser.origin}/auth/callback`,
      scope: SCOPES.join(' '),
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('passes the bot filter in front of the login server', async () => {
    const { gateway, linode } = await startSessionStack();
    linode.setLogin({ botFilter: true });
    expect((await new TestBrowser(gateway).signIn('alice')).status).toBe(303);
  });

  it('does not name the user while the API fails, and signs in all the same', async () => {
    const { gateway, linode } = await startSessionStack();
    linode.fault({ path: '/profile', status: 400 });
    const browser = new TestBrowser(gateway);
    await browser.signIn('alice');
    expect(await browser.session()).toMatchObject({ signedIn: true, username: null });
  });

  it('ends the session from before, and revokes its tokens', async () => {
    const { gateway, linode } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    await browser.signIn('alice');
    const old = browser.sessionCookie;
    await browser.signIn('bob');
    expect(browser.sessionCookie).not.toEqual(old);
    await until(() => linode.count('POST /oauth/revoke') === 1, 'a revocation');
    expect(await browser.session()).toMatchObject({ username: 'bob' });
    const thief = new TestBrowser(gateway);
    thief.cookies.set(...(old ?? ['', '']));
    expect((await thief.ask(VIEWER)).status).toBe(401);
  });

  it.each(['/auth/login', '/auth/callback', '/auth/logout', '/auth/session', '/auth/nothing'])(
    '%s does not exist where users cannot sign in',
    async (path) => {
      const linode = await startSandbox();
      const gateway = await startTestGateway({ linodeApiUrl: linode.url });
      expect((await fetch(new URL(path, gateway.url))).status).toBe(404);
      await gateway.close();
      await linode.close();
    },
  );

  it('refuses other methods', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const refused = async (path: string, method: string) => {
      const { status, headers } = await browser.send(path, { method });
      return [status, headers.get('allow')];
    };
    expect(await refused('/auth/logout', 'GET')).toEqual([405, 'POST']);
    expect(await refused('/auth/login', 'POST')).toEqual([405, 'GET']);
    expect(await refused('/auth/callback', 'POST')).toEqual([405, 'GET']);
  });
});

describe('the cookie', () => {
  it('has the port in its name over http, and is not Secure', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const response = await browser.signIn('alice');
    const port = new URL(browser.origin).port;
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        new RegExp(`^linode-sign-in-${port}-[\\w-]{8}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax$`),
      ),
      expect.stringMatching(
        new RegExp(`^linode-session-${port}=[\\w-]{43}; Max-Age=28800; Path=/; HttpOnly; SameSite=Lax$`),
      ),
    ]);
  });

  it('has the prefix __Host- over https, and is Secure', async () => {
    const { gateway } = await startSessionStack({ sessions: { publicUrl: BASE } });
    const response = await fetch(new URL('/auth/login', gateway.url), { redirect: 'manual' });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-linode-sign-in-[\w-]{8}=v1\.[0-9a-f]{8}\.[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.searchParams.get('redirect_uri')).toBe('https://images.example/auth/callback');
  });

  it('acts for its user behind a proxy with https and a path', async () => {
    const publicUrl = new URL('https://localhost:8443/images');
    const { gateway } = await startSessionStack({ sessions: { publicUrl } });
    const browser = new TestBrowser(gateway);
    const back = new URL(await browser.consent(await browser.beginSignIn('/app'), 'alice'));
    expect(back.origin + back.pathname).toBe(`${publicUrl.href}/auth/callback`);
    // The proxy removes the path.
    const response = await browser.send(`/auth/callback${back.search}`);
    expect(response.headers.get('location')).toBe('https://localhost:8443/app');
    expect(response.headers.getSetCookie()[1]).toMatch(
      /^__Host-linode-session=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const ask = (origin: string) =>
      browser.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ query: '{ viewer { username } }' }),
      });
    expect(await (await ask(publicUrl.origin)).json()).toEqual({ data: { viewer: { username: 'alice' } } });
    expect((await ask(browser.origin)).status).toBe(403);
  });

  it('is of this machine only where PUBLIC_URL is not set', async () => {
    const { gateway } = await startSessionStack();
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      const headers = { host: 'rebound.example' };
      request(new URL('/auth/login', gateway.url), { headers }, (response) => {
        resolve(response.statusCode);
        response.resume();
      }).end();
    });
    expect(status).toBe(400);
  });
});

describe('after signing in', () => {
  it.each([
    ['/', '/'],
    ['/app/images?page=2#top', '/app/images?page=2#top'],
    ['/graphql', '/graphql'],
    ['', '/'],
    ['app', '/'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['///evil.example', '/'],
    ['/\\evil.example', '/'],
    ['\\\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/%09/evil.example', '/%09/evil.example'],
    ['javascript:alert(1)', '/'],
    ['/\r\nSet-Cookie: a=b', '/Set-Cookie:%20a=b'],
    ['/auth/logout', '/'],
    ['/auth/login?returnTo=/', '/'],
    [`/${'x'.repeat(3000)}`, '/'],
    // A relative redirect to this path would lead to another host.
    ['/.//evil.example', '//evil.example'],
  ])('%j leads to %j of the same origin', (returnTo, path) => {
    expect(returnUrl(returnTo, BASE)).toBe(BASE.origin + path);
  });

  it.each(['https://evil.example/', '//evil.example'])('%s does not lead there', async (returnTo) => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const location = (await browser.signIn('alice', returnTo)).headers.get('location');
    expect(location).toBe(`${browser.origin}/`);
  });

  it('the browser is below the path of PUBLIC_URL by default', () => {
    expect(returnUrl(null, new URL('https://app.example/images'))).toBe('https://app.example/images');
  });
});

describe('a callback', () => {
  const failed = async (response: Response) => ({ status: response.status, text: await response.text() });

  it("is refused in another browser: an attacker's account is not signed in at the victim's", async () => {
    const { gateway, linode } = await startSessionStack();
    const attacker = new TestBrowser(gateway);
    const url = await attacker.consent(await attacker.beginSignIn(), 'bob');
    const victim = new TestBrowser(gateway);
    await victim.beginSignIn();
    const { status, text } = await failed(await victim.send(url));
    expect(status).toBe(400);
    expect(text).toContain('began in another browser');
    expect(victim.sessionCookie).toBeUndefined();
    expect(linode.count('POST /oauth/token')).toBe(0);
  });

  it.each([
    '',
    '?code=x',
    '?state=x&code=x',
    `?state=${'x'.repeat(43)}&code=x`,
    '?state=%00&error=access_denied',
  ])('is refused without the state of an attempt: %j', async (query) => {
    const { gateway, linode } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    await browser.beginSignIn();
    expect((await browser.send(`/auth/callback${query}`)).status).toBe(400);
    expect(linode.count('POST /oauth/token')).toBe(0);
  });

  it('is refused with two codes', async () => {
    const { gateway, linode } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const url = await browser.consent(await browser.beginSignIn(), 'alice');
    expect((await browser.send(`${url}&code=x`)).status).toBe(400);
    expect(linode.count('POST /oauth/token')).toBe(0);
  });

  it('is refused with a changed cookie', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const url = await browser.consent(await browser.beginSignIn(), 'alice');
    const [[name, value]] = [...browser.cookies] as [[string, string]];
    const last = value.at(-1) === 'A' ? 'B' : 'A';
    browser.cookies.set(name, value.slice(0, -1) + last);
    const changed = await browser.send(url);
    browser.cookies.set(name, value.slice(0, 30));
    const shortened = await browser.send(url);
    expect([changed.status, shortened.status]).toEqual([400, 400]);
  });

  it('works once', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const url = await browser.consent(await browser.beginSignIn(), 'alice');
    expect((await browser.send(url)).status).toBe(303);
    expect((await browser.send(url)).status).toBe(400);
    expect(await browser.session()).toMatchObject({ signedIn: true });
  });

  it('is refused after ten minutes', async () => {
    const { gateway, clock } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const authorize = await browser.beginSignIn();
    clock.advance(10 * 60_000);
    expect((await browser.send(await browser.consent(authorize, 'alice'))).status).toBe(400);
  });

  it('of two tabs belongs to its own attempt', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const first = await browser.beginSignIn('/first');
    const second = await browser.beginSignIn('/second');
    const secondBack = await browser.send(await browser.consent(second, 'bob'));
    expect(secondBack.headers.get('location')).toBe(`${browser.origin}/second`);
    expect(await browser.session()).toMatchObject({ username: 'bob' });
    const firstBack = await browser.send(await browser.consent(first, 'alice'));
    expect(firstBack.headers.get('location')).toBe(`${browser.origin}/first`);
    expect(await browser.session()).toMatchObject({ username: 'alice' });
  });

  it('cannot bring the code of another attempt of the same browser', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const first = new URL(await browser.consent(await browser.beginSignIn(), 'alice'));
    const second = new URL(await browser.consent(await browser.beginSignIn(), 'bob'));
    first.searchParams.set('code', second.searchParams.get('code') ?? '');
    // PKCE: the code belongs to the other verifier.
    expect((await browser.send(first.href)).status).toBe(400);
  });

  it('keeps at most five attempts of a browser', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    for (let i = 0; i < 8; i++) await browser.beginSignIn();
    expect(browser.cookies.size).toBe(5);
  });

  it('explains a refusal of the user, and offers to try again', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const authorize = await browser.beginSignIn('/app?a=1&b=2');
    authorize.searchParams.set('decision', 'deny');
    const { status, text } = await failed(await browser.send(await browser.consent(authorize, 'alice')));
    expect(status).toBe(403);
    expect(text).toContain('You are not signed in');
    expect(text).toContain(`href="${browser.origin}/auth/login?returnTo=%2Fapp%3Fa%3D1%26b%3D2"`);
    expect(text).toContain(`href="${browser.origin}/app?a=1&amp;b=2"`);
    expect(browser.cookies.size).toBe(0);
    expect(gateway.sessionProblems).toEqual([]);
  });

  it.each([
    [
      'the bot filter',
      { status: 403, body: '<TITLE>Access Denied</TITLE> secret' },
      503,
      /responded with 403, not with JSON$/,
    ],
    ['an outage', { status: 500 }, 503, /responded with 500$/],
    ['no response', { reset: 'before' as const }, 503, /No response/],
    [
      'a refusal',
      { status: 400, body: { error: 'invalid_grant', error_description: 'secret' } },
      400,
      /invalid_grant$/,
    ],
    [
      "a refusal in Linode's form",
      { status: 400, body: { errors: [{ reason: 'secret' }] } },
      400,
      /responded with 400$/,
    ],
    ['a wrong secret', { status: 401, body: { error: 'invalid_client' } }, 400, /invalid_client$/],
    ['nonsense', { status: 200, body: { access_token: 17 } }, 503, /not valid$/],
    ['half of the JSON', { cutJson: true }, 503, /not valid$/],
  ])('explains %s of the login server', async (_, fault, expected, problem) => {
    const { gateway, linode } = await startSessionStack();
    linode.fault({ path: '/oauth/token', ...fault });
    const browser = new TestBrowser(gateway);
    const { status, text } = await failed(await browser.signIn('alice'));
    expect(status).toBe(expected);
    expect(text).not.toContain('secret');
    expect(gateway.sessionProblems).toEqual([expect.stringMatching(problem)]);
    expect(browser.sessionCookie).toBeUndefined();
    expect(gateway.bugs).toEqual([]);
  });

  it('fails if the API refuses the new token', async () => {
    const { gateway, linode } = await startSessionStack();
    linode.fault({ path: '/profile', status: 401 });
    const browser = new TestBrowser(gateway);
    expect((await browser.signIn('alice')).status).toBe(502);
    await until(() => linode.count('POST /oauth/revoke') === 1, 'a revocation');
  });

  it('is counted by address', async () => {
    const { gateway, clock } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const statuses = new Set<number>();
    for (let i = 0; i < 60; i++) statuses.add((await browser.send('/auth/callback')).status);
    expect([...statuses]).toEqual([400]);
    const refused = await browser.send('/auth/callback');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    clock.advance(60_000);
    expect((await browser.signIn('alice')).status).toBe(303);
  });
});

describe('signing out', () => {
  it('ends the session here and at the login server', async () => {
    const { gateway, linode } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    await browser.signIn('alice');
    const cookie = browser.sessionCookie;
    const response = await browser.signOut();
    expect(response.headers.get('clear-site-data')).toBe('"cache", "storage"');
    expect(await response.json()).toEqual({
      signedIn: false,
      revoked: true,
      logoutUrl: `${linode.origin}/logout`,
    });
    expect(browser.cookies.size).toBe(0);
    expect(linode.count('POST /oauth/revoke')).toBe(1);
    // The replayed cookie is worth nothing.
    browser.cookies.set(...(cookie ?? ['', '']));
    const { status, errors } = await browser.ask(VIEWER);
    expect([status, errors[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
    expect(await browser.session()).toEqual({ signedIn: false });
    expect(browser.cookies.size).toBe(0);
  });

  it('ends the session here even if the login server fails', async () => {
    const { gateway, linode } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    await browser.signIn('alice');
    const cookie = browser.sessionCookie;
    linode.fault({ path: '/oauth/revoke', status: 500 });
    expect(await (await browser.signOut()).json()).toMatchObject({ revoked: false });
    browser.cookies.set(...(cookie ?? ['', '']));
    expect((await browser.ask(VIEWER)).status).toBe(401);
    expect(gateway.sessionProblems).toEqual([
      'A token could not be revoked: The login server responded with 500',
    ]);
  });

  it('without a session is no error', async () => {
    const { gateway } = await startSessionStack();
    const response = await new TestBrowser(gateway).signOut();
    expect(await response.json()).toMatchObject({ signedIn: false, revoked: false });
  });
});

describe('a session', () => {
  const signedIn = async () => {
    const stack = await startSessionStack();
    const browser = new TestBrowser(stack.gateway);
    await browser.signIn('alice');
    return { ...stack, browser };
  };

  it('is never one that the browser chose: an ID from elsewhere is not adopted', async () => {
    const { gateway } = await startSessionStack();
    const browser = new TestBrowser(gateway);
    const name = `linode-session-${new URL(browser.origin).port}`;
    const planted = 'f'.repeat(43);
    browser.cookies.set(name, planted);
    await browser.signIn('alice');
    expect(browser.sessionCookie?.[1]).not.toBe(planted);
    const attacker = new TestBrowser(gateway);
    attacker.cookies.set(name, planted);
    expect((await attacker.ask(VIEWER)).status).toBe(401);
  });

  it.each([
    ['changed', (id: string) => (id.startsWith('A') ? 'B' : 'A') + id.slice(1)],
    ['shortened', (id: string) => id.slice(1)],
    ['lengthened', (id: string) => `${id}A`],
    ['empty', () => ''],
    ['quoted', (id: string) => `"${id}"`],
    ['a path', () => '../../etc/passwd'],
    ['encoded', (id: string) => `%41${id.slice(1)}`],
  ])('is not found by a cookie that is %s', async (_, change) => {
    const { browser, linode } = await signedIn();
    const [name, id] = browser.sessionCookie ?? ['', ''];
    browser.cookies.set(name, change(id));
    linode.clearRequests();
    const { status, errors } = await browser.ask(VIEWER);
    expect([status, errors[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
    expect(linode.requests).toEqual([]);
  });

  it('ends after half an hour without a request', async () => {
    const { browser, clock } = await signedIn();
    for (let i = 0; i < 4; i++) {
      clock.advance(29 * 60_000);
      expect((await browser.ask(VIEWER)).status).toBe(200);
    }
    clock.advance(31 * 60_000);
    expect((await browser.ask(VIEWER)).status).toBe(401);
  });

  it('is not kept alive by looking at it', async () => {
    const { browser, clock } = await signedIn();
    for (let i = 0; i < 3; i++) {
      clock.advance(9 * 60_000);
      expect(await browser.session()).toMatchObject({ signedIn: true });
    }
    clock.advance(4 * 60_000);
    expect(await browser.session()).toEqual({ signedIn: false });
  });

  it('ends after eight hours, however much it is used', async () => {
    const { browser, clock } = await signedIn();
    for (let minutes = 0; minutes < 480 - 20; minutes += 20) {
      clock.advance(20 * 60_000);
      expect((await browser.ask(VIEWER)).status).toBe(200);
    }
    clock.advance(20 * 60_000);
    expect((await browser.ask(VIEWER)).status).toBe(401);
  });

  it('does not act where a token is sent: the header wins', async () => {
    const { browser } = await signedIn();
    const { data } = await browser.ask<Labels>(VIEWER, { authorization: 'Bearer bob-full' });
    expect(data.viewer.username).toBe('bob');
    const invalid = await browser.ask(VIEWER, { authorization: 'Basic x' });
    expect(invalid.status).toBe(401);
    const empty = await browser.ask<{ viewer: null }>(VIEWER, { authorization: '' });
    expect(empty.errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('is stored under other secrets as long as one of them is the old one', async () => {
    const { MemorySessionStore } = await import('../../../src/sessions/memoryStore.js');
    const { manualClock } = await import('../../support/manualClock.js');
    const store = new MemorySessionStore(manualClock());
    const close = store.close.bind(store);
    store.close = async () => undefined;
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
    const { gateway, linode } = await startSessionStack({ sessions: { store, secrets: [old] } });
    const browser = new TestBrowser(gateway);
    await browser.signIn('alice');
    const statusWith = async (secrets: string[]) => {
      const other = await startTestGateway({
        linodeApiUrl: linode.url,
        clock: manualClock(),
        sessions: sessionsOn(linode, { store, secrets }),
      });
      // Both listen on 127.0.0.1; the cookie's name holds the port.
      const there = new TestBrowser(other);
      const port = new URL(there.origin).port;
      there.cookies.set(`linode-session-${port}`, browser.sessionCookie?.[1] ?? '');
      const { status } = await there.ask(VIEWER);
      await other.close();
      return status;
    };
    expect(await statusWith([next, old])).toBe(200);
    expect(await statusWith([next])).toBe(401);
    await close();
  });
});
