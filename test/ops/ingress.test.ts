import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { hasBrowser, launchBrowser } from '../support/browser.js';
import { read } from '../support/documents.js';
import { GRAPHIQL_DIRECTORY, type TestGateway } from '../support/gateway.js';
import { startStack } from '../support/stack.js';

interface Ingress {
  spec: { rules: { http: { paths: { path: string; pathType: 'Exact' | 'Prefix' }[] } }[] };
}

const paths = (parse(read('ops/kubernetes/ingress.yaml')) as Ingress).spec.rules.flatMap(
  ({ http }) => http.paths,
);
const isLetOut = (path: string): boolean =>
  paths.some((rule) =>
    rule.pathType === 'Exact' ? path === rule.path : path === rule.path || path.startsWith(`${rule.path}/`),
  );

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** An ingress with the shipped rules behind `prefix`. @returns where it takes operations */
async function startIngress(gateway: TestGateway, prefix: string, strips: boolean): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  const server = createServer((req, res) => {
    const url = req.url ?? '/';
    const own = url.startsWith(prefix) ? url.slice(prefix.length) : '/nowhere';
    if (!isLetOut(own.replace(/\?.*/s, ''))) {
      res.writeHead(404).end('default backend');
      return;
    }
    const { method, headers } = req;
    const forwarded = request({ hostname, port, method, headers, path: strips ? own : url }, (response) => {
      res.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(res);
    });
    forwarded.on('error', () => res.destroy());
    req.pipe(forwarded);
  });
  open.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}/graphql`;
}

describe.each([
  ['without a prefix', '', true, ''],
  ['that strips a prefix', '/team/images', true, ''],
  ['that leaves the prefix to BASE_PATH', '/team/images', false, '/team/images'],
])('GraphiQL behind the shipped ingress %s', (_, prefix, strips, basePath) => {
  const start = async (): Promise<string> => {
    const { gateway } = await startStack({
      gateway: { basePath, graphiql: { directory: GRAPHIQL_DIRECTORY, sandbox: true } },
    });
    return startIngress(gateway, prefix, strips);
  };

  it('finds all that its page names', async () => {
    const url = await start();
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    const named = [...page.matchAll(/(?:src|href)="(\.\/graphiql[^"]+)"/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(1);
    for (const path of named) expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 200]);
    expect((await fetch(new URL('metrics', url))).status).toBe(404);
    expect((await fetch(new URL('health/live', url))).status).toBe(404);
  });

  // Behind one that strips, test/http/routes/graphiql.test.ts opens it in a browser.
  if (strips && prefix !== '') return;
  (hasBrowser() ? it : it.skip)('loads in a browser, and has the schema', async () => {
    const url = await start();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      // The page asks for the schema as soon as its scripts run.
      const schema = page.waitForResponse((each) => each.request().method() === 'POST', { timeout: 60_000 });
      await page.goto(url);
      const response = await schema;
      expect([response.status(), response.url()]).toEqual([200, url]);
      await page.getByRole('button', { name: /^Execute query/ }).waitFor({ timeout: 60_000 });
    } finally {
      await browser.close();
    }
  });
});
