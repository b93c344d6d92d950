import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SANDBOX_CLIENT, startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { PACKAGE } from '../support/gateway.js';
import { TestBrowser } from '../support/signIn.js';
import { until } from '../support/until.js';

const SECRET = 'canary-session-secret-5b8e2f40c1d7';

let linode: Sandbox;
let child: ChildProcess;
let url: string;
/** All that the process wrote. */
let written = '';

beforeAll(async () => {
  linode = await startSandbox();
  linode.setLogin({ expiresInSeconds: 2 });
  child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: PACKAGE,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      LOG_LEVEL: 'trace',
      GRAPHIQL: 'false',
      LINODE_API_URL: linode.url,
      OAUTH_LOGIN_URL: linode.origin,
      OAUTH_CLIENT_ID: SANDBOX_CLIENT.id,
      OAUTH_CLIENT_SECRET: SANDBOX_CLIENT.secret,
      SESSION_SECRETS: SECRET,
    },
  });
  url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        written += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(written)?.[0];
        if (found) resolve(found);
      });
    }
    child.once('exit', () => reject(new Error(written)));
  });
});
afterAll(async () => {
  child.kill('SIGKILL');
  await linode.close();
});

/** Everything secret that the login server and the gateway exchanged. */
function secretsSeen(): Set<string> {
  const secrets = new Set<string>([SANDBOX_CLIENT.secret, SECRET]);
  for (const { token, path, body } of linode.requests) {
    if (token) secrets.add(token);
    if (!path.startsWith('/oauth/')) continue;
    const form = new URLSearchParams(body);
    for (const name of ['token', 'refresh_token', 'code_verifier', 'client_secret']) {
      const value = form.get(name);
      if (value) secrets.add(value);
    }
  }
  return secrets;
}

it('sends no token to the browser and writes none: not in responses, logs, metrics or errors', async () => {
  const browser = new TestBrowser({ url });
  const signIn = await browser.consent(await browser.beginSignIn('/'), 'alice');
  const code = new URL(signIn).searchParams.get('code') ?? '';
  await browser.send(signIn);
  const id = browser.sessionCookie?.[1] ?? '';
  const explain = { 'x-explain': '1' };
  const query = '{ viewer { username } images(first: 2) { nodes { id label } } }';
  const { data } = await browser.ask<{ viewer: { username: string } }>(query, explain);
  expect(data.viewer.username).toBe('alice');
  await until(async () => {
    await browser.ask(query, explain);
    return linode.count('POST /oauth/token') > 1;
  }, 'a refresh');
  await browser.ask('mutation { deleteImage(input: { id: "private/23912377" }) { deletedImageId } }');
  await browser.ask('{ linodes { nope } }');
  linode.fault({ path: '/images', status: 401 });
  linode.fault({ path: '/oauth/revoke', status: 500, body: { error: 'server_error' } });
  await browser.ask('{ image(id: "private/1") { id } }', { 'cache-control': 'no-cache' });
  await browser.session();
  await browser.signOut();
  await browser.send('/metrics');
  linode.fault({ path: '/oauth/token', status: 400, body: { error: 'invalid_grant' } });
  await browser.signIn('bob');
  await browser.send('/auth/callback?state=x&code=canary-code');
  await until(() => written.includes('could not be revoked'), 'the log');

  const secrets = [...secretsSeen(), code];
  expect(secrets.length).toBeGreaterThan(6);
  const seen = browser.seen.join('\n');
  for (const secret of secrets) {
    // The callback's own URL holds the code; nothing else does.
    expect(seen).not.toContain(secret);
    expect(written).not.toContain(secret);
  }
  // The cookie is set once, and is named nowhere else.
  expect(seen.split(id).length - 1).toBe(1);
  expect(written).not.toContain(id);
  expect(written).not.toContain('canary-code');
});
