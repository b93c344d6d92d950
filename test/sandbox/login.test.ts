import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SANDBOX_CLIENT, SANDBOX_PUBLIC_CLIENT_ID } from '../../src/sandbox/sandbox.js';
import { startTestSandbox, type TestSandbox } from './harness.js';

const REDIRECT = 'http://127.0.0.1:4000/auth/callback';
const SCOPES = 'images:read_only linodes:read_only';
const VERIFIER = 'v'.repeat(43);
const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
const INVALID = { errors: [{ reason: 'Invalid Token' }] };

interface Tokens {
  access_token: string;
  refresh_token: string | null;
  expires_in: number;
  scope: string;
  scopes: string;
  token_type: string;
  error?: string;
}

const authorizeUrl = ({ sandbox }: TestSandbox, changes: Record<string, string | null> = {}): URL => {
  const url = new URL('/oauth/authorize', sandbox.origin);
  const parameters = {
    client_id: SANDBOX_CLIENT.id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: SCOPES,
    state: 'a state',
    login: 'alice',
    ...changes,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return url;
};

/** Where the login server redirects to. */
async function redirected(here: TestSandbox, changes: Record<string, string | null> = {}): Promise<URL> {
  const response = await fetch(authorizeUrl(here, changes), { redirect: 'manual' });
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

const codeFor = async (here: TestSandbox, changes: Record<string, string | null> = {}) =>
  (await redirected(here, changes)).searchParams.get('code') ?? '';

async function post(here: TestSandbox, path: string, fields: Record<string, string>, asMultipart = false) {
  const client = { client_id: SANDBOX_CLIENT.id, client_secret: SANDBOX_CLIENT.secret };
  const body = asMultipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries({ ...client, ...fields })) body.append(name, value);
  const response = await fetch(here.sandbox.origin + path, { method: 'POST', body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): Tokens {
  try {
    return JSON.parse(text) as Tokens;
  } catch {
    return {} as Tokens;
  }
}

const signIn = async (here: TestSandbox, changes: Record<string, string | null> = {}) =>
  (await post(here, '/oauth/token', { code: await codeFor(here, changes) })).body;
const refresh = (here: TestSandbox, token: string | null) =>
  post(here, '/oauth/token', { grant_type: 'refresh_token', refresh_token: token ?? '' });

describe('the consent page', () => {
  const open = async (here: TestSandbox, changes: Record<string, string | null> = {}) => {
    const response = await fetch(authorizeUrl(here, { login: null, ...changes }));
    return { status: response.status, headers: response.headers, html: await response.text() };
  };

  it('names the client, its scopes and the users', async () => {
    const { status, headers, html } = await open(await startTestSandbox());
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
    for (const text of ['Linode Images gateway', 'Read images', 'Alice', 'Bob', 'Carol', 'Allow', 'Deny']) {
      expect(html).toContain(text);
    }
  });

  it('escapes what the request says', async () => {
    const { html } = await open(await startTestSandbox(), { state: '"><script>alert(1)</script>' });
    expect(html).not.toContain('<script>');
    expect(html).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('sends its form back, and redirects with a code', async () => {
    const here = await startTestSandbox();
    const body = authorizeUrl(here, { login: 'bob', decision: 'allow' }).searchParams;
    const url = `${here.sandbox.origin}/oauth/authorize`;
    const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(REDIRECT);
    expect(location.searchParams.get('state')).toBe('a state');
    expect(location.searchParams.get('code')).toMatch(/^[0-9a-f]{20}$/);
  });

  it('redirects with access_denied after Deny', async () => {
    const location = await redirected(await startTestSandbox(), { decision: 'deny' });
    expect(Object.fromEntries(location.searchParams)).toEqual({ error: 'access_denied', state: 'a state' });
  });

  it('appends to the parameters that the redirect URI has', async () => {
    const location = await redirected(await startTestSandbox(), {
      redirect_uri: 'http://localhost:3000/oauth/callback?returnTo=%2F',
    });
    expect([...location.searchParams.keys()]).toEqual(['returnTo', 'code', 'state']);
  });
});

describe('a request to authorize', () => {
  it('may name any port of this machine, also over https', async () => {
    const redirect_uri = 'https://localhost:8443/images/auth/callback';
    const location = await redirected(await startTestSandbox(), { redirect_uri });
    expect(location.origin + location.pathname).toBe(redirect_uri);
  });

  it.each([
    { client_id: 'unknown' },
    { redirect_uri: 'https://evil.example/auth/callback' },
    { redirect_uri: 'http://localhost.evil.example/' },
    { redirect_uri: 'ftp://localhost/' },
    { redirect_uri: 'no url' },
  ])('gets a page and no redirect with %j', async (changes) => {
    const here = await startTestSandbox();
    const response = await fetch(authorizeUrl(here, changes), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'images:write' }, 'invalid_scope'],
    [{ scope: '' }, 'invalid_scope'],
    [{ code_challenge: challenge, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ client_id: SANDBOX_PUBLIC_CLIENT_ID }, 'invalid_request'],
  ])('is redirected with an error with %j', async (changes, error) => {
    const location = await redirected(await startTestSandbox(), changes);
    expect(location.searchParams.get('error')).toBe(error);
    expect(location.searchParams.get('state')).toBe('a state');
  });

  it('may say "scopes", separated by commas', async () => {
    const here = await startTestSandbox();
    const { scope } = await signIn(here, { scope: null, scopes: 'images:read_only,linodes:read_only' });
    expect(scope).toBe(SCOPES);
  });
});

describe('a code', () => {
  it.each([false, true])('becomes tokens, as a form or as multipart (%s)', async (asMultipart) => {
    const here = await startTestSandbox();
    const fields = { code: await codeFor(here), redirect_uri: REDIRECT };
    const { status, headers, body } = await post(here, '/oauth/token', fields, asMultipart);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      refresh_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      expires_in: 7200,
      scope: SCOPES,
      scopes: SCOPES,
      token_type: 'bearer',
    });
  });

  it('is exchanged once, and within a minute', async () => {
    const here = await startTestSandbox();
    const code = await codeFor(here);
    expect((await post(here, '/oauth/token', { code })).status).toBe(200);
    const again = await post(here, '/oauth/token', { code });
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
    const late = await codeFor(here);
    here.clock.ms += 60_000;
    expect((await post(here, '/oauth/token', { code: late })).status).toBe(400);
  });

  it('needs the verifier of its challenge', async () => {
    const here = await startTestSandbox();
    const withChallenge = { code_challenge: challenge, code_challenge_method: 'S256' };
    const exchange = async (fields: Record<string, string>) =>
      (await post(here, '/oauth/token', { code: await codeFor(here, withChallenge), ...fields })).status;
    expect(await exchange({})).toBe(400);
    expect(await exchange({ code_verifier: 'x'.repeat(43) })).toBe(400);
    expect(await exchange({ code_verifier: VERIFIER })).toBe(200);
  });

  it('needs the secret of a confidential client', async () => {
    const here = await startTestSandbox();
    const { status, body } = await post(here, '/oauth/token', {
      code: await codeFor(here),
      client_secret: 'wrong',
    });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('brings a public client no refresh token', async () => {
    const here = await startTestSandbox();
    const code = await codeFor(here, {
      client_id: SANDBOX_PUBLIC_CLIENT_ID,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const client = { client_id: SANDBOX_PUBLIC_CLIENT_ID, client_secret: '' };
    const { body } = await post(here, '/oauth/token', { ...client, code, code_verifier: VERIFIER });
    expect(body.refresh_token).toBeNull();
    expect(body.access_token).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('an issued token', () => {
  it.each(['alice', 'bob', 'carol'])('is a caller of the API: %s', async (login) => {
    const here = await startTestSandbox();
    const { access_token: token } = await signIn(here, { login });
    const { headers, body } = await here.call('/profile', { token });
    expect(body).toMatchObject({ username: login, restricted: login === 'carol' });
    expect(headers.get('x-oauth-scopes')).toBe(SCOPES);
  });

  it('has the scopes that were granted, and no others', async () => {
    const here = await startTestSandbox();
    const { access_token: token } = await signIn(here);
    expect((await here.call('/images', { token })).status).toBe(200);
    const { status, body } = await here.call('/account/events', { token });
    expect(status).toBe(401);
    expect(body).toEqual({
      errors: [{ reason: 'Your OAuth token is not authorized to use this endpoint.' }],
    });
  });

  it('ends after its lifetime, which can be set and moved over HTTP', async () => {
    const here = await startTestSandbox();
    const control = (line: string, body: object) =>
      fetch(`${here.sandbox.origin}/_sandbox${line.split(' ')[1]}`, {
        method: line.split(' ')[0] ?? '',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const changed = await control('PATCH ', { login: { expiresInSeconds: 2 } });
    expect(await changed.json()).toMatchObject({ login: { expiresInSeconds: 2, botFilter: false } });
    const { access_token: token, expires_in } = await signIn(here);
    expect(expires_in).toBe(2);
    expect((await here.call('/profile', { token })).status).toBe(200);
    await control('POST /advance', { seconds: 2 });
    const { status, headers, body } = await here.call('/profile', { token });
    expect([status, body, headers.get('x-oauth-scopes')]).toEqual([401, INVALID, 'unknown']);
  });

  it('ends when it is refreshed, and its refresh token with it', async () => {
    const here = await startTestSandbox();
    const first = await signIn(here);
    const { body: second } = await refresh(here, first.refresh_token);
    expect(second).toMatchObject({ scope: SCOPES, expires_in: 7200 });
    expect((await here.call('/profile', { token: first.access_token })).body).toEqual(INVALID);
    expect((await here.call('/profile', { token: second.access_token })).status).toBe(200);
    expect((await refresh(here, first.refresh_token)).body.error).toBe('invalid_grant');
  });

  it.each(['access_token', 'refresh_token'] as const)(
    'ends with the other one when the %s is revoked',
    async (which) => {
      const here = await startTestSandbox();
      const tokens = await signIn(here);
      const revoked = await post(here, '/oauth/revoke', { token: tokens[which] ?? '' });
      expect([revoked.status, revoked.text]).toEqual([200, '{}']);
      expect((await here.call('/profile', { token: tokens.access_token })).body).toEqual(INVALID);
      expect((await refresh(here, tokens.refresh_token)).body.error).toBe('invalid_grant');
      expect((await post(here, '/oauth/revoke', { token: 'unknown' })).status).toBe(200);
    },
  );

  it('leaves the fixed tokens alone', async () => {
    const here = await startTestSandbox();
    await post(here, '/oauth/revoke', { token: 'alice-full' });
    expect((await here.call('/profile')).status).toBe(200);
  });

  it('ends with a reset', async () => {
    const here = await startTestSandbox();
    const { access_token: token } = await signIn(here);
    here.sandbox.reset();
    expect((await here.call('/profile', { token })).body).toEqual(INVALID);
  });
});

describe('faults of the login server', () => {
  it('answers servers that look like bots with HTML, as Akamai does', async () => {
    const here = await startTestSandbox();
    here.sandbox.setLogin({ botFilter: true });
    const { status, text } = await post(here, '/oauth/token', { code: 'x' });
    expect(status).toBe(403);
    expect(text).toContain('<TITLE>Access Denied</TITLE>');
  });

  it('loses the response after the rotation', async () => {
    const here = await startTestSandbox();
    const tokens = await signIn(here);
    here.sandbox.fault({ method: 'POST', path: '/oauth/token', reset: 'after', times: 1 });
    await expect(refresh(here, tokens.refresh_token)).rejects.toThrow();
    expect((await refresh(here, tokens.refresh_token)).body.error).toBe('invalid_grant');
  });

  it.each([
    [{ status: 500 }, 500],
    [{ status: 400, body: { errors: [{ reason: 'Bad code' }] } }, 400],
    [{ status: 403, html: true }, 403],
  ])('sends %j', async (fault, status) => {
    const here = await startTestSandbox();
    here.sandbox.fault({ path: '/oauth/token', ...fault });
    expect((await post(here, '/oauth/token', {})).status).toBe(status);
  });
});

it('has a logout page, and no other paths', async () => {
  const { sandbox } = await startTestSandbox();
  const response = await fetch(`${sandbox.origin}/logout`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await fetch(`${sandbox.origin}/oauth/nothing`)).status).toBe(404);
});
