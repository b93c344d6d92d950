import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { PublicUrl } from '../../../src/http/sessions/publicUrl.js';
import { sessionCookie } from '../../../src/http/sessions/requestSession.js';
import { startSessionStack, TestBrowser } from '../../support/signIn.js';
import { until } from '../../support/until.js';

const QUERY = '{ viewer { username } images(first: 1) { totalCount } }';
interface Data {
  viewer: { username: string } | null;
}
const HEADERS = { 'apollo-require-preflight': '1', 'sec-fetch-site': 'same-origin' };
const PATH = `/graphql?query=${encodeURIComponent(QUERY)}`;

async function start() {
  const stack = await startSessionStack();
  const sign = async (username: string) => {
    const browser = new TestBrowser(stack.gateway);
    await browser.signIn(username);
    return browser;
  };
  return { ...stack, alice: await sign('alice'), bob: await sign('bob') };
}

const usernameOf = async (response: Response): Promise<string | undefined> =>
  ((await response.json()) as { data: Data }).data.viewer?.username;

describe('responses with a session', () => {
  it('are stored nowhere, and vary with the cookie', async () => {
    const { alice } = await start();
    for (let i = 0; i < 3; i++) {
      const { headers } = await alice.send(PATH, { headers: HEADERS });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('vary')?.split(', ')).toContain('Cookie');
      expect(headers.get('etag')).toBeNull();
    }
  });

  it('do not answer the next user of the same browser, nor one with a token, nor an anonymous one', async () => {
    const { alice, bob, gateway, clock } = await start();
    const url = new URL(PATH, gateway.url);
    for (let round = 0; round < 4; round++) {
      expect(await usernameOf(await alice.send(PATH, { headers: HEADERS }))).toBe('alice');
      expect(await usernameOf(await bob.send(PATH, { headers: HEADERS }))).toBe('bob');
      const carol = { ...HEADERS, authorization: 'Bearer carol-restricted' };
      expect(await usernameOf(await fetch(url, { headers: carol }))).toBe('carol');
      expect(await usernameOf(await alice.send(PATH, { headers: carol }))).toBe('carol');
      expect(await usernameOf(await fetch(url, { headers: HEADERS }))).toBeUndefined();
      if (round === 2) clock.advance(6000);
    }
  });

  it('are not coalesced with those of others', async () => {
    const { alice, bob, linode, gateway, clock } = await start();
    const ask = (browser: TestBrowser) => browser.send(PATH, { headers: HEADERS });
    for (const browser of [alice, bob]) await ask(browser);
    clock.advance(6000);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    linode.fault({ path: '/images', before: gate });
    const before = linode.requests.length;
    const pending = [alice, bob, alice, bob].map(async (browser) => usernameOf(await ask(browser)));
    await until(() => linode.requests.length >= before + 2, 'a list for each session');
    release();
    expect(await Promise.all(pending)).toEqual(['alice', 'bob', 'alice', 'bob']);
    expect(gateway.bugs).toEqual([]);
  });

  it('of two sessions of one user are cached apart', async () => {
    const { alice, gateway, linode } = await start();
    const again = new TestBrowser(gateway);
    await again.signIn('alice');
    linode.clearRequests();
    await alice.ask('{ images { totalCount } }');
    await again.ask('{ images { totalCount } }');
    const tokens = linode.requests.filter(({ path }) => path === '/images').map(({ token }) => token);
    expect(new Set(tokens).size).toBe(2);
  });
});

describe('responses without a session', () => {
  it('vary with the cookie too, where users can sign in', async () => {
    const { gateway, alice } = await start();
    const url = new URL('/graphql?query={images{totalCount}}', gateway.url);
    for (let i = 0; i < 3; i++) {
      const { headers } = await fetch(url, { headers: HEADERS });
      expect(headers.get('cache-control')).toMatch(/^public/);
      expect(headers.get('vary')?.split(', ')).toContain('Cookie');
    }
    expect((await alice.send('/auth/session')).headers.get('vary')).toContain('Cookie');
  });

  it.each([
    [undefined, undefined],
    ['theme=dark', undefined],
    ['linode-session=x', undefined],
    ['linode-session-4001=x', undefined],
    ['theme=dark; linode-session-4000=x', 'x'],
  ])('are cached with the cookie %j, which is no session', (cookie, expected) => {
    const headers = { host: 'localhost:4000', ...(cookie !== undefined && { cookie }) };
    const request = { headers } as IncomingMessage;
    expect(sessionCookie(request, new PublicUrl(null))).toBe(expected);
  });
});
