import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SANDBOX_CLIENT, startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { RedisSessionStore } from '../../src/sessions/redisStore.js';
import { SessionStoreUnavailable } from '../../src/sessions/sessionStore.js';
import { atDepth } from '../support/depth.js';
import { PACKAGE, startTestGateway } from '../support/gateway.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';
import { SECRET, sessionsOn, TestBrowser } from '../support/signIn.js';
import { until } from '../support/until.js';

const QUERY = '{ viewer { username } }';
const REFRESH = /grant_type=refresh_token/;

const describeWithRedis = hasRedis() ? describe : describe.skip;

describeWithRedis('sessions in Redis', () => {
  let redis: TestRedis;
  let linode: Sandbox;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    redis = await startRedis();
    linode = await startSandbox();
  });
  afterEach(async () => {
    await Promise.all(
      children.splice(0).map((child) => {
        if (child.exitCode !== null) return undefined;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        return ended;
      }),
    );
    await linode.close();
  });

  const refreshes = () =>
    linode.requests.filter(({ path, body }) => path === '/oauth/token' && REFRESH.test(body)).length;

  /** A process of its own. */
  async function startProcess(): Promise<TestBrowser> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      cwd: PACKAGE,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environment(),
    });
    children.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const url = () => /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(output)?.[0];
    await until(() => url() !== undefined, 'a gateway', 60_000);
    return new TestBrowser({ url: url() ?? '' });
  }

  const environment = () => ({
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    GRAPHIQL: 'false',
    LOG_LEVEL: 'error',
    LINODE_API_URL: linode.url,
    OAUTH_LOGIN_URL: linode.origin,
    OAUTH_CLIENT_ID: SANDBOX_CLIENT.id,
    OAUTH_CLIENT_SECRET: SANDBOX_CLIENT.secret,
    PUBLIC_URL: 'http://localhost:4000',
    SESSION_SECRETS: SECRET,
    REDIS_URL: redis.url,
    REDIS_TIMEOUT_MS: '2000',
  });

  /** PUBLIC_URL is the same for all: so is the name of the cookie, and the origin of its pages. */
  const ask = (browser: TestBrowser) => browser.ask<{ viewer: { username: string } }>(QUERY, ORIGIN);
  const ORIGIN = { origin: 'http://localhost:4000' };

  it('are found by every process, refreshed by one of them, and ended for all', async () => {
    const processes = await Promise.all([startProcess(), startProcess()]);
    const [one, other] = processes as [TestBrowser, TestBrowser];
    linode.setLogin({ expiresInSeconds: 2 });
    // On a busy machine Redis may take longer than its 50 ms.
    await until(async () => {
      const back = new URL(await one.consent(await one.beginSignIn(), 'alice'));
      return (await one.send(back.pathname + back.search)).status === 303;
    }, 'a session');
    const [name, id] = one.sessionCookie ?? ['', ''];
    expect(name).toBe('linode-session-4000');
    other.cookies.set(name, id);
    await until(async () => (await ask(other)).data?.viewer.username === 'alice', 'the session');

    const rounds = atDepth(2, 10);
    for (let round = 1; round <= rounds; round++) {
      // Past 80 % of two seconds both refresh at once.
      const before = refreshes();
      await until(async () => {
        const answers = await Promise.all([one, other, one, other].map(ask));
        const problems = answers.filter(({ status, errors }) => status !== 503 && errors.length > 0);
        expect(problems.map(({ body }) => body)).toEqual([]);
        return refreshes() > before;
      }, 'a refresh');
      expect(refreshes()).toBe(before + 1);
    }
    // No refresh token was sent twice, and no token that had ended.
    const sent = linode.requests.flatMap(({ path, body }) =>
      path === '/oauth/token' ? [new URLSearchParams(body).get('refresh_token')] : [],
    );
    expect(new Set(sent).size).toBe(sent.length);

    await until(async () => (await one.signOut(ORIGIN)).status === 200, 'signing out');
    await until(async () => (await ask(other)).status === 401, 'the end of the session');
  });

  it('are encrypted, under keys that reveal nothing', async () => {
    const client = await redis.connect();
    const gateway = await startTestGateway({
      linodeApiUrl: linode.url,
      sessions: sessionsOn(linode, { store: new RedisSessionStore(client) }),
    });
    const browser = new TestBrowser(gateway);
    await until(async () => (await browser.signIn('alice')).status === 303, 'a session');
    const reply = await client.run(
      {
        lua: `local all = {} for _, key in pairs(redis.call('KEYS', '*')) do all[#all + 1] = key all[#all + 1] = redis.call('GET', key) end return all`,
      },
      [],
    );
    const stored = (reply as Buffer[]).map(String).join('\n');
    expect(stored).toMatch(/^linode-images:session:[0-9a-f]{64}$/m);
    const token = linode.requests.find(({ path }) => path === '/profile')?.token ?? 'none';
    for (const secret of [token, browser.sessionCookie?.[1] ?? 'none', 'alice', 'read_write']) {
      expect(stored).not.toContain(secret);
    }
    await gateway.close();
  });

  it('survive a restart of the gateway, and end with their time', async () => {
    const client = await redis.connect();
    const store = new RedisSessionStore(client);
    await store.create('a', '1', 60_000);
    expect(await store.replace('a', 'x', '2', 60_000)).toBe(false);
    expect(await store.replace('a', '1', '2', 60_000)).toBe(true);
    expect(await store.get('a')).toBe('2');
    await store.touch('a', 1);
    await until(async () => (await store.get('a')) === undefined, 'the end of the session');
    expect(await store.replace('a', '2', '3', 60_000)).toBe(false);
    await store.create('b', '1', 60_000);
    await store.delete('b');
    expect(await store.get('b')).toBeUndefined();
  });

  it('are unavailable while Redis is, and neither ended nor anonymous', async () => {
    const client = await redis.connect();
    const store = new RedisSessionStore(client);
    const gateway = await startTestGateway({
      linodeApiUrl: linode.url,
      sessions: sessionsOn(linode, { store }),
    });
    const browser = new TestBrowser(gateway);
    await until(async () => (await browser.signIn('alice')).status === 303, 'a session');
    redis.pause();
    const { status, headers, errors } = await browser.ask(QUERY);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(errors[0]?.extensions['code']).toBe('UPSTREAM_UNAVAILABLE');
    expect((await browser.send('/auth/session')).status).toBe(503);
    await expect(store.get('a')).rejects.toThrow(SessionStoreUnavailable);
    // Callers with a token and anonymous ones do not notice.
    expect((await gateway.ask('{ images { totalCount } }')).errors).toEqual([]);
    expect((await gateway.ask(QUERY, { token: 'bob-full' })).errors).toEqual([]);
    redis.resume();
    await until(async () => (await browser.ask(QUERY)).status === 200, 'the session');
    expect(gateway.bugs).toEqual([]);
    await gateway.close();
  });

  it('are stored after a refresh even if Redis stands still meanwhile', async () => {
    const client = await redis.connect();
    const gateway = await startTestGateway({
      linodeApiUrl: linode.url,
      sessions: sessionsOn(linode, { store: new RedisSessionStore(client) }),
    });
    linode.setLogin({ expiresInSeconds: 2 });
    const browser = new TestBrowser(gateway);
    await until(async () => (await browser.signIn('alice')).status === 303, 'a session');
    let answer = () => undefined as unknown;
    const held = new Promise((resolve) => (answer = () => resolve(undefined)));
    linode.fault({ path: '/oauth/token', after: held, times: 1 });
    let refreshed: ReturnType<typeof ask> | undefined;
    await until(async () => {
      const pending = browser.ask<{ viewer: { username: string } }>(QUERY);
      await Promise.race([pending, until(() => refreshes() === 1, 'a refresh').catch(() => undefined)]);
      if (refreshes() === 1) refreshed = pending;
      return refreshed !== undefined;
    }, 'a refresh');
    redis.pause();
    answer();
    await new Promise((resolve) => setTimeout(resolve, 300));
    redis.resume();
    expect((await refreshed)?.data.viewer.username).toBe('alice');
    expect((await browser.ask<{ viewer: { username: string } }>(QUERY)).data.viewer.username).toBe('alice');
    await gateway.close();
  });
});
