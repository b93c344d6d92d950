import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startBuiltProcess, type BuiltProcess } from '../support/builtProcess.js';
import { LIST } from '../support/house.js';

const IMAGES = '{ images(first: 100) { totalCount nodes { id label isPublic } } }';

interface Images {
  data: { images: { totalCount: number; nodes: { id: string; label: string; isPublic: boolean }[] } };
}

let linode: Sandbox;
let gateway: BuiltProcess;

beforeEach(async () => {
  linode = await startSandbox();
});
afterEach(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.ended;
  await linode.close();
});

async function open(env: Record<string, string> = {}): Promise<void> {
  gateway = await startBuiltProcess({
    env: { LINODE_API_URL: linode.url, GRAPHIQL: 'false', WORKERS: '2', ...env },
  });
}

/** Over a connection of its own. */
function ask<B = Images>(query: string, token = 'alice-full'): Promise<B> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const req = request(gateway.url, { method: 'POST', headers, agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.on('end', () => {
        resolve(JSON.parse(body) as B);
      });
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(JSON.stringify({ query }));
  });
}

const all = (count: number, query = IMAGES): Promise<Images[]> =>
  Promise.all(Array.from({ length: count }, () => ask(query)));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

const said = (msg: string) => gateway.lines().filter((line) => line['msg'] === msg);
const pids = (): Set<unknown> => new Set(said('operation').map(({ pid }) => pid));

describe('two workers behind one port', () => {
  it('answer both, list once, and write whole lines', async () => {
    await open();
    const answers = await all(40);
    expect(new Set(answers.map(({ data }) => data.images.totalCount))).toEqual(new Set([47]));
    expect(linode.count(LIST)).toBe(1);
    await until(() => said('operation').length === 40);
    expect(pids().size).toBe(2);
    expect(pids().has(gateway.child.pid)).toBe(false);
  });

  it('show a write through one to readers of both at once', async () => {
    await open();
    const [before] = await all(8);
    const image = before?.data.images.nodes.find(({ isPublic }) => !isPublic);
    await ask(
      `mutation { updateImage(input: { id: "${image?.id ?? ''}", label: "anew" }) { userErrors { message } } }`,
    );
    for (const { data } of await all(8)) {
      expect(data.images.nodes.find(({ id }) => id === image?.id)?.label).toBe('anew');
    }
  });

  it('replace one that is killed, while the other goes on', async () => {
    await open();
    await all(8);
    await until(() => pids().size === 2);
    const [victim] = pids();
    process.kill(Number(victim), 'SIGKILL');
    await until(() => said('a worker ended, another one starts').length === 1);
    await until(async () => {
      await ask('{ __typename }');
      return pids().size === 3;
    });
    for (const { data } of await all(8)) expect(data.images.totalCount).toBe(47);
  });

  it('end in order with the primary, and exit 0', async () => {
    await open();
    await all(8);
    let release = (): void => undefined;
    let hasArrived = false;
    linode.fault({
      path: '/images',
      before: () => {
        hasArrived = true;
        return new Promise<void>((resolve) => (release = resolve));
      },
    });
    const underWay = ask('{ images { totalCount } }', 'bob-full');
    await until(() => hasArrived);
    gateway.child.kill('SIGTERM');
    await until(() => said('draining').length === 1);
    release();
    expect((await underWay).data.images.totalCount).toBeGreaterThan(0);
    expect(await gateway.ended).toBe(0);
    expect(said('a worker ended, another one starts')).toEqual([]);
  });

  it('end at once at a second signal', async () => {
    await open({ DRAIN_DELAY_SECONDS: '500', DRAIN_TIMEOUT_SECONDS: '600' });
    gateway.child.kill('SIGTERM');
    await until(() => said('draining').length === 1);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(143);
  });

  it('tell where they listen once, and nothing but JSON, in production', async () => {
    await open({ NODE_ENV: 'production' });
    await all(4);
    expect(said(`listening on ${gateway.url}`)).toHaveLength(1);
    const lines = gateway.output().trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('{'))).toBe(true);
  });

  it('do not start on a port that is taken: one line says so', async () => {
    await open();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const env = { LINODE_API_URL: linode.url, GRAPHIQL: 'false', WORKERS: '2', PORT: String(port) };
    await expect(startBuiltProcess({ env })).rejects.toThrow(
      new RegExp(`^It ended \\(1\\) before it listened: listen EADDRINUSE[^\\n]*:${port}\\n$`),
    );
    taken.close();
  });

  it('do not start with a manifest that is missing: one line says so', async () => {
    await open();
    const env = { LINODE_API_URL: linode.url, WORKERS: '2', PERSISTED_OPERATIONS: '/nowhere.json' };
    await expect(startBuiltProcess({ env })).rejects.toThrow(
      /^It ended \(1\) before it listened: [^\n]*nowhere\.json[^\n]*\n$/,
    );
  });
});
