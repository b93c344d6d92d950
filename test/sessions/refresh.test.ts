import { describe, expect, it } from '@jest/globals';
import { MemorySessionStore } from '../../src/sessions/memoryStore.js';
import { LIST, type Stack } from '../support/stack.js';
import { startSessionStack, TestBrowser, type SessionStackOptions } from '../support/signIn.js';
import { until } from '../support/until.js';

const IMAGES = '{ images { totalCount } }';
const REFRESH = /grant_type=refresh_token/;
const TOKEN_LIFETIME_MS = 7_200_000;
const REFRESH_AT_MS = 0.8 * TOKEN_LIFETIME_MS;

const refreshes = ({ linode }: Stack) =>
  linode.requests.filter(({ path, body }) => path === '/oauth/token' && REFRESH.test(body)).length;

/** A session that no idle time ends. */
async function signedIn(options: SessionStackOptions = {}) {
  const lifetimes = { idleMs: 8 * 3_600_000, maxMs: 8 * 3_600_000 };
  const stack = await startSessionStack({ ...options, sessions: { lifetimes, ...options.sessions } });
  const browser = new TestBrowser(stack.gateway);
  await browser.signIn('alice');
  return { ...stack, browser, refreshes: () => refreshes(stack) };
}

describe('a token', () => {
  it('is refreshed before it ends, at most once for all requests', async () => {
    const { browser, clock, linode, refreshes } = await signedIn();
    clock.advance(REFRESH_AT_MS - 1000);
    await browser.ask(IMAGES);
    expect(refreshes()).toBe(0);
    clock.advance(1000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.ask(IMAGES)));
    expect(answers.map(({ status, errors }) => [status, errors])).toEqual(answers.map(() => [200, []]));
    expect(refreshes()).toBe(1);
    expect(linode.requests.filter(({ status }) => status === 401)).toEqual([]);
    await browser.ask(IMAGES);
    expect(refreshes()).toBe(1);
  });

  it('is refreshed after it ended', async () => {
    const { browser, clock, refreshes } = await signedIn();
    clock.advance(TOKEN_LIFETIME_MS + 60_000);
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    expect(refreshes()).toBe(1);
  });

  it('is refreshed again and again over a working day', async () => {
    const { browser, clock, refreshes } = await signedIn();
    for (let i = 0; i < 4; i++) {
      clock.advance(REFRESH_AT_MS);
      expect((await browser.ask(IMAGES)).errors).toEqual([]);
    }
    expect(refreshes()).toBe(4);
  });

  it('is another one after a refresh, and what is cached stays', async () => {
    const { gateway, linode, clock } = await startSessionStack({
      gateway: { settings: { maxAgeMs: 600_000 } },
    });
    linode.setLogin({ expiresInSeconds: 600 });
    const browser = new TestBrowser(gateway);
    await browser.signIn('alice');
    await browser.ask(IMAGES);
    clock.advance(480_000);
    linode.clearRequests();
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    expect(linode.requests.map(({ line }) => line)).toEqual(['POST /oauth/token']);
    // The next list is made with the new token.
    clock.advance(130_000);
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    expect(linode.count(LIST)).toBeGreaterThan(0);
    expect(linode.requests.filter(({ status }) => status === 401)).toEqual([]);
  });

  it('is stored before it is used', async () => {
    class RefusingStore extends MemorySessionStore {
      replaced = 0;
      override async replace(...args: Parameters<MemorySessionStore['replace']>): Promise<boolean> {
        // The first one marks the refresh, the second one stores its result.
        if (++this.replaced === 2) return false;
        return super.replace(...args);
      }
    }
    const { manualClock } = await import('../support/manualClock.js');
    const store = new RefusingStore(manualClock());
    const { browser, clock, linode, refreshes } = await signedIn({ sessions: { store } });
    clock.advance(REFRESH_AT_MS);
    linode.clearRequests();
    expect((await browser.ask(IMAGES)).status).toBe(401);
    expect(refreshes()).toBe(1);
    expect(linode.count(LIST)).toBe(0);
    await until(() => linode.count('POST /oauth/revoke') === 1, 'the revocation of the new pair');
  });

  it('of a request in flight may be replaced meanwhile: the read is repeated with the new one', async () => {
    const { browser, clock, linode, gateway, refreshes } = await signedIn({
      gateway: { protection: { maxConcurrentOperations: 10 } },
    });
    clock.advance(REFRESH_AT_MS - 1000);
    let arrive: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    linode.fault({ path: '/images', before: held, times: 1 });
    const first = browser.ask(IMAGES);
    await until(() => linode.count(LIST) === 1, 'a list call with the old token');
    clock.advance(1000);
    const second = await browser.ask('{ viewer { username } }');
    expect(second.errors).toEqual([]);
    expect(refreshes()).toBe(1);
    arrive();
    expect((await first).errors).toEqual([]);
    expect(linode.count(LIST)).toBe(2);
    expect(gateway.bugs).toEqual([]);
  });

  it('without a refresh token serves until it ends, and the session with it', async () => {
    const { gateway, linode, clock } = await startSessionStack({
      sessions: { lifetimes: { idleMs: 8 * 3_600_000, maxMs: 8 * 3_600_000 } },
    });
    const browser = new TestBrowser(gateway);
    const location = await browser.consent(await browser.beginSignIn(), 'alice');
    const access_token = 'alice-full';
    linode.fault({
      path: '/oauth/token',
      body: { access_token, refresh_token: null, expires_in: 7200, scopes: '*', token_type: 'bearer' },
    });
    await browser.send(location);
    expect(await browser.session()).toMatchObject({ signedIn: true, scopes: ['*'] });
    clock.advance(TOKEN_LIFETIME_MS - 1000);
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    clock.advance(1000);
    expect((await browser.ask(IMAGES)).status).toBe(401);
    expect(await browser.session()).toEqual({ signedIn: false });
  });
});

describe('a refresh that fails', () => {
  it.each([
    ['its response is lost', { reset: 'after' as const }],
    ['its refresh token is refused', { status: 400, body: { error: 'invalid_grant' } }],
    ['its connection is reset', { reset: 'before' as const }],
    ['its response is no JSON', { cutJson: true }],
  ])('ends the session when %s, and is not repeated', async (_, fault) => {
    const { browser, clock, gateway, linode, refreshes } = await signedIn();
    clock.advance(REFRESH_AT_MS);
    const remove = linode.fault({ path: '/oauth/token', ...fault });
    const { status, errors } = await browser.ask(IMAGES);
    expect([status, errors[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
    expect(gateway.sessionProblems[0]).toMatch(/^A token could not be refreshed, and its session ends: /);
    remove();
    expect((await browser.ask(IMAGES)).status).toBe(401);
    expect(refreshes()).toBe(1);
    expect(await browser.session()).toEqual({ signedIn: false });
    expect((await browser.signIn('alice')).status).toBe(303);
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
  });

  it('ends the session when no response comes in time', async () => {
    const { browser, clock, linode, refreshes } = await signedIn();
    clock.advance(REFRESH_AT_MS);
    linode.fault({ path: '/oauth/token', hang: 'after' });
    const pending = browser.ask(IMAGES);
    await until(() => refreshes() === 1, 'a refresh');
    clock.advance(10_000);
    expect((await pending).status).toBe(401);
  });

  it.each([
    ['the login server fails', { status: 503 }],
    ['a bot filter refuses it', { status: 403, html: true }],
    ['it comes too often', { status: 429, body: { error: 'slow_down' } }],
  ])('keeps the session when %s: the token serves while it lasts', async (_, fault) => {
    const { browser, clock, gateway, linode, refreshes } = await signedIn();
    clock.advance(REFRESH_AT_MS);
    const remove = linode.fault({ path: '/oauth/token', ...fault });
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    expect(refreshes()).toBe(1);
    expect(gateway.sessionProblems).toEqual([
      expect.stringMatching(/^A token could not be refreshed: The login server re/),
    ]);
    clock.advance(TOKEN_LIFETIME_MS - REFRESH_AT_MS);
    const { status, headers, errors } = await browser.ask(IMAGES);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(errors[0]?.extensions['code']).toBe('UPSTREAM_UNAVAILABLE');
    remove();
    clock.advance(15_000);
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    expect(refreshes()).toBe(3);
  });

  it('does not bring a session back that was signed out meanwhile', async () => {
    const { browser, clock, linode } = await signedIn();
    clock.advance(REFRESH_AT_MS);
    let answer: () => void = () => undefined;
    linode.fault({
      path: '/oauth/token',
      after: new Promise<void>((resolve) => (answer = resolve)),
      times: 1,
    });
    const cookie = browser.sessionCookie;
    const pending = browser.ask(IMAGES);
    await until(() => linode.count('POST /oauth/token') === 2, 'a refresh');
    await browser.signOut();
    answer();
    expect((await pending).status).toBe(401);
    browser.cookies.set(...(cookie ?? ['', '']));
    expect((await browser.ask(IMAGES)).status).toBe(401);
    await until(() => linode.count('POST /oauth/revoke') === 2, 'the revocation of both pairs');
  });

  it('by its process, which died, ends the session when the response is overdue', async () => {
    const { manualClock } = await import('../support/manualClock.js');
    const store = new MemorySessionStore(manualClock());
    const { browser, clock, linode } = await signedIn({ sessions: { store } });
    clock.advance(REFRESH_AT_MS);
    linode.fault({ path: '/oauth/token', hang: 'after' });
    const id = browser.sessionCookie?.[1] ?? '';
    // Another process marks the session, and is gone.
    const { startTestGateway } = await import('../support/gateway.js');
    const { sessionsOn } = await import('../support/signIn.js');
    const other = await startTestGateway({
      linodeApiUrl: linode.url,
      clock,
      sessions: sessionsOn(linode, { store, lifetimes: { idleMs: 8 * 3_600_000, maxMs: 8 * 3_600_000 } }),
    });
    const there = new TestBrowser(other);
    there.cookies.set(`linode-session-${new URL(there.origin).port}`, id);
    const lost = there.ask(IMAGES);
    await until(() => linode.count('POST /oauth/token') === 2, 'a refresh');
    // Its response is not awaited by this one, which only sees the mark.
    const pending = browser.ask(IMAGES);
    await until(async () => {
      clock.advance(100);
      return Promise.race([pending.then(() => true), new Promise<boolean>((r) => setTimeout(r, 5, false))]);
    }, 'the end of the session');
    expect((await pending).status).toBe(401);
    expect((await lost).status).toBe(401);
    await other.close();
  });
});

describe('a refusal of the API', () => {
  it('for a missing scope never causes a refresh', async () => {
    const { browser, linode, refreshes } = await signedIn({ sessions: { scopes: ['images:read_only'] } });
    for (let i = 0; i < 3; i++) {
      const { errors } = await browser.ask('{ linodes { totalCount } }');
      expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    linode.fault({ path: '/images', status: 403 });
    expect((await browser.ask(IMAGES)).errors[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await browser.ask(IMAGES)).status).toBe(200);
    expect(refreshes()).toBe(0);
  });

  it('of the token itself causes one refresh, before the next request', async () => {
    const { browser, linode, clock, refreshes } = await signedIn();
    const remove = linode.fault({ path: '/images', status: 401, times: 1 });
    expect((await browser.ask(IMAGES)).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    remove();
    clock.advance(100);
    expect((await browser.ask(IMAGES)).errors).toEqual([]);
    expect(refreshes()).toBe(1);
  });

  it('of the token ends the session if it was revoked elsewhere', async () => {
    const { browser, linode, refreshes } = await signedIn();
    const token = linode.requests.find(({ path }) => path === '/profile')?.token ?? '';
    const body = new URLSearchParams({ client_id: '519d660133f3fbb47357', token });
    body.set('client_secret', (await import('../../src/sandbox/sandbox.js')).SANDBOX_CLIENT.secret);
    await fetch(`${linode.origin}/oauth/revoke`, { method: 'POST', body });
    expect((await browser.ask(IMAGES)).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect((await browser.ask(IMAGES)).status).toBe(401);
    expect(await browser.session()).toEqual({ signedIn: false });
    expect(refreshes()).toBe(1);
  });

  it('of a token that was just refreshed ends the session: refreshing again would not help', async () => {
    const { browser, linode, clock, refreshes } = await signedIn();
    linode.fault({ path: '/images', status: 401 });
    await browser.ask(IMAGES);
    clock.advance(100);
    expect((await browser.ask(IMAGES)).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    clock.advance(100);
    expect((await browser.ask(IMAGES)).status).toBe(401);
    expect(refreshes()).toBe(1);
  });
});
