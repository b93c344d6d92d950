import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { hasBrowser, launchBrowser } from '../../support/browser.js';
import { GRAPHIQL_DIRECTORY, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { sessionsOn } from '../../support/signIn.js';
import { until } from '../../support/until.js';

(hasBrowser() ? describe : describe.skip)('GraphiQL where users can sign in, in a browser', () => {
  let linode: Sandbox;
  let gateway: TestGateway;
  let browser: Browser;
  let context: BrowserContext;
  let tab: Page;
  let bodies: string[];

  beforeAll(async () => {
    linode = await startSandbox();
    gateway = await startTestGateway({
      linodeApiUrl: linode.url,
      graphiql: { directory: GRAPHIQL_DIRECTORY, sandbox: true },
      sessions: sessionsOn(linode),
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await gateway.close();
    await linode.close();
  });
  beforeEach(async () => {
    await context?.close();
    linode.reset();
    bodies = [];
    context = await browser.newContext();
    context.setDefaultTimeout(15_000);
    tab = await context.newPage();
    tab.on('response', (response) => {
      if (!response.url().startsWith(new URL(gateway.url).origin)) return;
      response.text().then(
        (body) => bodies.push(JSON.stringify(response.headers()), body),
        () => undefined,
      );
    });
  });

  const button = (name: string | RegExp) => tab.getByRole('button', { name });
  const signInLink = () => tab.getByRole('link', { name: 'Sign in with Linode' });

  async function open(): Promise<void> {
    await tab.goto(gateway.url);
    await ready();
  }
  async function ready(): Promise<void> {
    await tab.locator('.graphiql-query-editor .view-line').first().waitFor();
    await button(/^Re-fetch GraphQL schema/)
      .and(tab.locator(':enabled'))
      .waitFor();
  }
  async function signIn(user: string): Promise<void> {
    await signInLink().click();
    await tab.getByLabel(user).check();
    await button('Allow').click();
    await ready();
    await tab.locator('.session-user', { hasText: user.toLowerCase() }).waitFor();
  }
  async function run(expected: string): Promise<void> {
    await button(/^Execute query/).click();
    await shows(expected);
  }
  const shows = (text: string) =>
    until(async () => {
      const shown = await tab.locator('.graphiql-response .view-lines:visible').innerText();
      return shown.replaceAll('\u00a0', ' ').includes(text);
    }, text);

  it('signs in, queries, changes, reloads, refreshes, and signs out, and no token reaches the browser', async () => {
    await open();
    expect(await tab.locator('body').innerText()).not.toContain('alice-full');
    await signIn('Alice');
    await run('"id": "private/23849498"');
    await tab.locator('.graphiql-tab-button', { hasText: 'EditImage' }).click();
    await run('"userErrors": []');

    await tab.reload();
    await ready();
    await tab.locator('.session-user', { hasText: 'alice' }).waitFor();

    // The token is old by now: the next query refreshes it.
    linode.setLogin({ expiresInSeconds: 1 });
    await button('Sign out').click();
    await signInLink().waitFor();
    await signIn('Bob');
    const before = linode.count('POST /oauth/token');
    await tab.locator('.graphiql-tab-button', { hasText: 'FirstPage' }).click();
    await until(async () => {
      await run('"id": "private/23700011"');
      return linode.count('POST /oauth/token') > before;
    }, 'a refresh');

    const readable = await tab.evaluate(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML])',
    );
    expect(await tab.evaluate('document.cookie')).toBe('');
    const secrets = new Set(linode.requests.map(({ token }) => token).filter(Boolean) as string[]);
    for (const { path, body } of linode.requests) {
      const refreshToken = path === '/oauth/token' && new URLSearchParams(body).get('refresh_token');
      if (refreshToken) secrets.add(refreshToken);
    }
    expect(secrets.size).toBeGreaterThan(3);
    const cookies = await context.cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite])).toEqual([[true, 'Lax']]);
    secrets.add(cookies[0]?.value ?? '');
    for (const secret of secrets) {
      expect(readable).not.toContain(secret);
      expect(bodies.join('\n').replaceAll(/"set-cookie":"[^"]*"/g, '')).not.toContain(secret);
    }

    await button('Sign out').click();
    await signInLink().waitFor();
    expect(await context.cookies()).toEqual([]);
    await ready();
    expect(await tab.locator('body').innerText()).not.toContain('bob-base');
    await tab.goBack();
    expect(await tab.locator('body').innerText()).not.toContain('bob-base');
  });

  it('notices that the session has ended', async () => {
    await open();
    await signIn('Carol');
    linode.reset();
    await button(/^Execute query/).click();
    await shows('UNAUTHENTICATED');
    await button(/^Execute query/).click();
    await signInLink().waitFor();
    await run('"label": "AlmaLinux 8"');
  });

  it('returns to the page after a refusal', async () => {
    await open();
    await signInLink().click();
    await button('Deny').click();
    await tab.getByText('You are not signed in').waitFor();
    await tab.getByRole('link', { name: 'Sign in again' }).click();
    await tab.getByLabel('Alice').check();
    await button('Allow').click();
    await tab.locator('.session-user', { hasText: 'alice' }).waitFor();
  });
});
