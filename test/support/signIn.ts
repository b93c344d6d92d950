import { expect } from '@jest/globals';
import type { SessionSettings } from '../../src/gateway/sessionAccess.js';
import { SANDBOX_CLIENT, type Sandbox } from '../../src/sandbox/sandbox.js';
import type { Answer, TestGateway, TestGatewayOptions } from './gateway.js';
import { startStack, type Stack, type StackOptions } from './stack.js';

export const SCOPES = ['events:read_only', 'images:read_write', 'linodes:read_only'];
export const SECRET = 'a secret of the tests that is long enough';

/** Settings for users who sign in at the sandbox. */
export const sessionsOn = (
  { origin }: Pick<Sandbox, 'origin'>,
  changes: Partial<SessionSettings> = {},
): SessionSettings => ({
  clientId: SANDBOX_CLIENT.id,
  clientSecret: SANDBOX_CLIENT.secret,
  loginUrl: new URL(origin),
  scopes: SCOPES,
  publicUrl: null,
  secrets: [SECRET],
  origins: [],
  lifetimes: { idleMs: 30 * 60_000, maxMs: 8 * 3_600_000 },
  ...changes,
});

export interface SessionStackOptions extends StackOptions {
  sessions?: Partial<SessionSettings>;
}

/** A sandbox and a gateway where users can sign in, on one clock. */
export function startSessionStack({ sessions, ...options }: SessionStackOptions = {}): Promise<Stack> {
  return startStack({
    ...options,
    gateway: (linode): Partial<TestGatewayOptions> => ({
      ...(typeof options.gateway === 'function' ? options.gateway(linode) : options.gateway),
      sessions: sessionsOn(linode, sessions),
    }),
  });
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What a browser does with cookies and navigations, without pages: one jar for one host. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  /** Every response, as text, with its headers. */
  readonly seen: string[] = [];
  readonly origin: string;

  constructor({ url }: Pick<TestGateway, 'url'>) {
    this.origin = new URL(url).origin;
  }

  /** Sends one request with the cookies of the jar; redirects are not followed. */
  async send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Response> {
    const url = new URL(path, this.origin);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const isOwn = url.origin === this.origin;
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...(isOwn && cookie !== '' && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    });
    if (isOwn) for (const line of response.headers.getSetCookie()) this.#store(line);
    const text = await response.clone().text();
    if (isOwn) this.seen.push(JSON.stringify([...response.headers]), text);
    return response;
  }

  /** The URL of the login server that a sign-in redirects to. */
  async beginSignIn(returnTo?: string): Promise<URL> {
    const query = returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
    const response = await this.send(`/auth/login${query}`);
    expect(response.status).toBe(303);
    return new URL(response.headers.get('location') ?? '');
  }

  /** Where the login server sends the browser back to. */
  async consent(authorize: URL, username: string): Promise<string> {
    authorize.searchParams.set('login', username);
    const response = await fetch(authorize, { redirect: 'manual' });
    return response.headers.get('location') ?? '';
  }

  /** Signs in; returns the response of the callback. */
  async signIn(username: string, returnTo?: string): Promise<Response> {
    return this.send(await this.consent(await this.beginSignIn(returnTo), username));
  }

  /** Sends an operation as a page of the gateway's own origin would. */
  async ask<D = unknown>(query: string, headers: Record<string, string> = {}): Promise<Answer<D>> {
    const response = await this.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.origin, ...headers },
      body: JSON.stringify({ query }),
    });
    const body = await response.text();
    const { data, errors = [], extensions } = JSON.parse(body) as Answer<D>;
    return { status: response.status, headers: response.headers, data, errors, extensions, body };
  }

  /** `GET /auth/session` */
  async session(): Promise<Record<string, unknown>> {
    return (await (await this.send('/auth/session')).json()) as Record<string, unknown>;
  }

  signOut(headers: Record<string, string> = { origin: this.origin }): Promise<Response> {
    return this.send('/auth/logout', { method: 'POST', headers });
  }

  /** The session's cookie. */
  get sessionCookie(): [name: string, value: string] | undefined {
    return [...this.cookies].find(([name]) => name.includes('linode-session'));
  }

  #store(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*max-age=0\b/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
