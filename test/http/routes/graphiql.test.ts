import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { examples, type Example } from '../../../graphiql/examples.js';
import { graphiql } from '../../../src/http/routes/graphiql.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { hasBrowser, launchBrowser } from '../../support/browser.js';
import { GRAPHIQL_DIRECTORY, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';

const BROWSER_ACCEPTS = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let sandbox: Sandbox;
/** Runs on the sandbox, and says so. */
let gateway: TestGateway;
/** Says it runs on the real Linode, and stands behind a proxy that adds a path prefix. */
let plainGateway: TestGateway;
let proxy: Server;
let origin: string;
let proxied: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  const linodeApiUrl = sandbox.url;
  gateway = await startTestGateway({
    linodeApiUrl,
    graphiql: { directory: GRAPHIQL_DIRECTORY, sandbox: true },
  });
  plainGateway = await startTestGateway({
    linodeApiUrl,
    explain: false,
    graphiql: { directory: GRAPHIQL_DIRECTORY, sandbox: false },
  });
  proxy = createServer((req, res) => {
    req.url = req.url?.replace('/behind/a/prefix', '') ?? '/';
    plainGateway.server.emit('request', req, res);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => proxy.once('listening', listening));
  origin = new URL(gateway.url).origin;
  proxied = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/behind/a/prefix`;
});

afterAll(async () => {
  await new Promise((closed) => proxy.close(closed));
  await Promise.all([gateway.close(), plainGateway.close()]);
  await sandbox.close();
});

describe('the page', () => {
  const get = (url: string, accept: string) => fetch(url, { headers: { accept }, redirect: 'manual' });

  it.each(['/', '/graphql', '/graphql?query={__typename}'])('is served to a browser at %s', async (path) => {
    const response = await get(origin + path, BROWSER_ACCEPTS);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding');
  });

  it.each([
    'application/json',
    'application/graphql-response+json',
    '*/*',
    'application/json, text/html;q=0.5',
  ])('is not served to a client that accepts %s', async (accept) => {
    const response = await get(`${origin}/graphql?query={__typename}`, accept);
    expect(response.headers.get('content-type')).not.toContain('html');
  });

  it('allows only its own resources', async () => {
    const { headers } = await get(`${origin}/graphql`, BROWSER_ACCEPTS);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|blob:|unsafe-eval|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('contains the configuration of the gateway', async () => {
    const configOf = async (url: string) =>
      /id="gateway-config">([^<]*)</.exec(await (await get(url, BROWSER_ACCEPTS)).text())?.[1];
    expect(await configOf(`${origin}/graphql`)).toBe('{"sandbox":true,"explain":true,"sessions":false}');
    expect(await configOf(`${proxied}/graphql`)).toBe('{"sandbox":false,"explain":false,"sessions":false}');
  });

  it('has immutable assets under the same policy', async () => {
    const html = await (await get(`${origin}/graphql`, BROWSER_ACCEPTS)).text();
    const script = /src="\.(\/graphiql\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? 'none';
    const { status, headers } = await get(origin + script, '*/*');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await get(`${origin}/graphiql/assets/none.js`, '*/*')).status).toBe(404);
  });

  it('redirects from a trailing slash, where relative links would not resolve', async () => {
    const response = await get(`${proxied}/graphql/?query=%7B__typename%7D`, BROWSER_ACCEPTS);
    expect(response.status).toBe(308);
    expect(new URL(response.headers.get('location') ?? '', response.url).href).toBe(
      `${proxied}/graphql?query=%7B__typename%7D`,
    );
  });

  it('aborts startup with one sentence if it was not built', () => {
    const start = () => graphiql({ directory: '/nowhere', sandbox: false, explain: false, sessions: false });
    expect(start).toThrow(/^GraphiQL is not built: .*index\.html is missing; run "npm run build"/);
  });
});

describe('an example', () => {
  const run = ({ query, variables, headers }: Example, on: TestGateway, token: string | null) =>
    on.ask<Record<string, { userErrors?: unknown[] } | null>>(query, {
      token,
      variables: JSON.parse(variables ?? '{}'),
      headers: JSON.parse(headers ?? '{}'),
    });

  // The subscription has a test in the browser.
  it.each(examples(true).filter(({ headers, query }) => !headers && !/^subscription\b/m.test(query)))(
    'runs at once on the sandbox: $title',
    async (example) => {
      const { data, errors } = await run(example, gateway, 'alice-full');
      expect(errors).toEqual([]);
      for (const field of Object.values(data)) {
        expect(field).not.toBeNull();
        expect(field?.userErrors ?? []).toEqual([]);
      }
    },
  );

  it('shows a refusal', async () => {
    const missingScope = examples(true).find(({ headers }) => headers);
    const { data, errors } = await run(missingScope as Example, gateway, null);
    expect(data).toEqual({ updateImage: null });
    expect(errors).toMatchObject([{ path: ['updateImage'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it.each(
    examples(false).filter(
      ({ query }) => query.includes('\nmutation') && !query.includes('initiateImageUpload'),
    ),
  )('changes nothing in a real account by mistake: $title', async (example) => {
    const before = plainGateway.upstreamCalls.length;
    const { data } = await run(example, plainGateway, 'bob-full');
    expect(JSON.stringify(data)).toContain('"INVALID"');
    expect(plainGateway.upstreamCalls.slice(before)).toEqual([]);
  });
});

(hasBrowser() ? describe : describe.skip)('in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let tab: Page;
  let operations: Request[];
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    operations = [];
    complaints = [];
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    context.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      const own = [new URL(origin).host, new URL(proxied).host];
      if (protocol !== 'data:' && !own.includes(host)) complaints.push(`requested ${request.url()}`);
      if (request.method() === 'POST') operations.push(request);
    });
    context.on('requestfailed', (request) => complaints.push(`failed ${request.url()}`));
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
    context.setDefaultTimeout(10_000);
    tab = await context.newPage();
  });

  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  async function open(url: string): Promise<void> {
    await tab.goto(url);
    await tab.locator('.graphiql-query-editor .view-line').first().waitFor();
    await button(/^Re-fetch GraphQL schema/)
      .and(tab.locator(':enabled'))
      .waitFor();
  }

  const button = (name: string | RegExp) => tab.getByRole('button', { name });
  const run = () => button(/^Execute query/).click();
  const openTab = (title: string) => tab.locator('.graphiql-tab-button', { hasText: title }).click();
  const sentHeaders = () => operations.at(-1)?.headers() ?? {};
  const sentBody = () => operations.at(-1)?.postDataJSON() as unknown;

  async function typeHeaders(headers: string): Promise<void> {
    await tab.locator('.graphiql-editor-tool .view-lines:visible').click();
    await tab.keyboard.press('Control+A');
    // Pasted: the editor closes quotes and braces that are typed.
    await tab.evaluate(`navigator.clipboard.writeText(${JSON.stringify(headers)})`);
    await tab.keyboard.press('Control+V');
    await tab.waitForTimeout(300); // GraphiQL notes a change a tenth of a second later.
  }

  /** Monaco's text, whose spaces are not breaking. */
  async function shows(pane: 'query-editor' | 'response' | 'editor-tool', text: string): Promise<void> {
    const lines = tab.locator(`.graphiql-${pane} .view-lines:visible`);
    await expectSoon(async () => (await lines.innerText()).replaceAll('\u00a0', ' '), text);
  }

  it('runs an example, and sends requests to the gateway only', async () => {
    await open(`${origin}/graphql`);
    await run();
    await shows('response', '"id": "private/23849498"');
    expect(sentHeaders()).toMatchObject({ authorization: 'Bearer alice-full' });
    expect(sentHeaders()).not.toHaveProperty('x-explain');
  });

  it('runs an example with variables', async () => {
    await open(`${origin}/`);
    await openTab('OneImage');
    await shows('query-editor', 'query OneImage');
    await run();
    await shows('response', '"label": "Debian 12"');
    expect(sentBody()).toMatchObject({ variables: { id: 'linode/debian12' } });
  });

  it('runs a subscription, whose changes come as they happen', async () => {
    await open(`${origin}/graphql`);
    await openTab('FollowImages');
    await shows('query-editor', 'subscription FollowImages');
    await run();
    await until(() => operations.at(-1)?.headers()['accept'] === 'text/event-stream', 'the subscription');
    await gateway.ask(
      'mutation { createImage(input: { diskId: "109867812", label: "followed" }) { image { id } } }',
      { token: 'alice-full' },
    );
    await shows('response', '"label": "followed"');
    await button(/^Stop query/).click();
    // The browser calls a request that it has aborted a failed one.
    await until(() => complaints.length === 1, 'the end of the stream');
    complaints = [];
  });

  it('sends the results of a subscription to EventSource', async () => {
    await open(`${origin}/graphql`);
    const query = 'subscription { image(id: "linode/debian12") { label } }';
    const results = await tab.evaluate(`new Promise((resolve) => {
      const source = new EventSource('/graphql?query=${encodeURIComponent(query)}');
      const results = [];
      source.addEventListener('next', ({ data }) => results.push(JSON.parse(data)));
      source.addEventListener('complete', () => {
        source.close();
        resolve(results);
      });
    })`);
    expect(results).toEqual([{ data: { image: { label: 'Debian 12' } } }]);
  });

  it('opens a closed example again', async () => {
    await open(`${origin}/graphql`);
    await openTab('DeleteImage');
    await tab.locator('.graphiql-tab-active').getByLabel('Close Tab').click();
    await tab.locator('.graphiql-tab', { hasText: 'DeleteImage' }).waitFor({ state: 'detached' });
    await button('Show Examples').click();
    await button(/^Delete an image/).click();
    await shows('query-editor', 'mutation DeleteImage');
    await tab.locator('.graphiql-tab-active', { hasText: 'DeleteImage' }).waitFor();
  });

  it('explains an operation on request', async () => {
    await open(`${origin}/graphql?query={ image(id: "linode/arch") { id } }`);
    await button('Explain what the gateway did').click();
    await run();
    await shows('response', '"explain": {');
    expect(sentHeaders()).toMatchObject({ 'x-explain': '1' });
  });

  it('documents every type', async () => {
    await open(`${origin}/graphql`);
    await button('Show Documentation Explorer').click();
    const docs = tab.locator('.graphiql-doc-explorer');
    await docs.getByRole('link', { name: 'Query', exact: true }).click();
    await docs.getByRole('link', { name: 'Image', exact: true }).first().click();
    const { data } = await gateway.ask<{ __type: { description: string } }>(
      '{ __type(name: "Image") { description } }',
    );
    await expectSoon(() => docs.innerText(), data.__type.description);
  });

  it('opens the query of its URL', async () => {
    const query = 'query A { __typename }\n\nquery B($id: ID!) { image(id: $id) { label } }\n';
    const link = new URLSearchParams({ query, variables: '{"id": "linode/arch"}', operationName: 'B' });
    await open(`${origin}/graphql?${link}`);
    await shows('query-editor', 'query A { __typename }');
    await run();
    await tab.getByRole('menuitem', { name: 'B' }).click();
    await shows('response', '"label": "Arch Linux"');
    expect(sentBody()).toMatchObject({ operationName: 'B', variables: { id: 'linode/arch' } });
  });

  it('stores no token, neither filled in nor typed', async () => {
    const stored = async () => {
      await tab.waitForTimeout(700); // GraphiQL stores its tabs half a second after a change.
      return String(await tab.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])'));
    };
    const runs = async () => {
      await run();
      await shows('response', '"data"');
    };
    await open(`${origin}/graphql`);
    await runs();
    expect(await stored()).toContain('query FirstPage');
    expect(await stored()).not.toMatch(/-full|Bearer|Authorization/);

    await openTab('OneImage');
    await typeHeaders('{"Authorization": "Bearer bob-full"}');
    await runs();
    expect(sentHeaders()).toMatchObject({ authorization: 'Bearer bob-full' });
    expect(await stored()).not.toMatch(/-full|Bearer|Authorization/);

    await open(`${origin}/graphql`);
    await shows('query-editor', 'query OneImage');
    await runs();
    expect(sentHeaders()).toMatchObject({ authorization: 'Bearer alice-full' });
    expect(await stored()).not.toMatch(/-full|Bearer|Authorization/);
    expect(tab.url()).toBe(`${origin}/graphql`);
  });

  it('copies an operation without its token, as curl and as a link', async () => {
    const clipboard = async () => String(await tab.evaluate('navigator.clipboard.readText()'));
    await open(`${origin}/graphql`);
    await button(/^Copy as curl/).click();
    await button('Copied').waitFor();
    expect(await clipboard()).toContain(`-H "Authorization: Bearer $LINODE_TOKEN"`);
    expect(await clipboard()).not.toContain('alice');
    await button(/^Copy a link/).click();
    await expectSoon(clipboard, `${origin}/graphql?query=`);
    expect(await clipboard()).not.toContain('alice');
  });

  it('works behind a path prefix, and without a token', async () => {
    await open(`${proxied}/`);
    await shows('editor-tool', '<your Linode token>');
    await run();
    await shows('response', '"data"');
    expect(sentHeaders()).not.toHaveProperty('authorization');
    expect(await button('Explain what the gateway did').count()).toBe(0);
  });

  it('carries a token typed in one tab to those that have none', async () => {
    await open(`${proxied}/graphql`);
    await typeHeaders('{"Authorization": "Bearer bob-full"}');
    await openTab('OneImage');
    await shows('editor-tool', 'Bearer bob-full');
  });
});

async function expectSoon(read: () => Promise<string>, text: string): Promise<void> {
  await until(async () => (await read().catch(() => '')).includes(text), `"${text}" on the page`);
}
