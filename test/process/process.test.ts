import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { itDeep } from '../support/depth.js';
import {
  askAt,
  startBuiltProcess,
  type BuiltProcess,
  type BuiltProcessOptions,
} from '../support/builtProcess.js';
import { PACKAGE } from '../support/gateway.js';
import { until } from '../support/until.js';

const IMAGES = '{ images { totalCount } }';

let linode: Sandbox;
let gateway: BuiltProcess;

async function open(env: Record<string, string> = {}, options: BuiltProcessOptions = {}): Promise<void> {
  linode = await startSandbox();
  gateway = await startBuiltProcess({
    ...options,
    env: { LINODE_API_URL: linode.url, GRAPHIQL: 'false', ...env },
  });
}

afterEach(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.ended;
  await linode.close();
});

const logged = (msg: string): Promise<void> =>
  until(() => gateway.lines().some((line) => line['msg'] === msg), `"${msg}" in the log`);

/** Makes the next list wait, and tells when it has arrived. */
function holdList(): { arrived: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    linode.fault({
      path: '/images',
      before: () => {
        resolve();
        return released;
      },
    });
  });
  return { arrived, release };
}

describe('a process that receives SIGTERM or SIGINT', () => {
  it('goes on listening while readiness says no, finishes what is under way, and exits 0', async () => {
    await open({ DRAIN_DELAY_SECONDS: '1' });
    const { arrived, release } = holdList();
    const underWay = askAt(gateway.url, IMAGES, { authorization: 'Bearer alice-full' });
    await arrived;
    gateway.child.kill('SIGTERM');
    await logged('draining');
    const ready = await fetch(new URL('/health/ready', gateway.url));
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect(await askAt(gateway.url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    release();
    expect(await underWay).toEqual({ data: { images: { totalCount: 47 } } });
    expect(await gateway.ended).toBe(0);
  });

  it('cuts off what takes longer than the drain may, and still exits 0', async () => {
    await open({ DRAIN_TIMEOUT_SECONDS: '1' });
    const { arrived, release } = holdList();
    const lost = askAt(gateway.url, IMAGES).catch((error: unknown) => error);
    await arrived;
    gateway.child.kill('SIGINT');
    expect(await gateway.ended).toBe(0);
    expect(await lost).toMatchObject({ message: 'fetch failed' });
    release();
  });

  it('ends at once at a second signal', async () => {
    await open({ DRAIN_TIMEOUT_SECONDS: '600' });
    const { arrived, release } = holdList();
    const lost = askAt(gateway.url, IMAGES).catch(() => undefined);
    await arrived;
    gateway.child.kill('SIGTERM');
    await logged('draining');
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(143);
    await lost;
    release();
  });

  itDeep(
    'loses nothing under load',
    async () => {
      await open();
      const script = join(PACKAGE, 'scripts', 'sigterm.mjs');
      const { stdout } = await promisify(execFile)(process.execPath, [script, '3', '8']);
      expect(JSON.parse(stdout)).toMatchObject({ runs: 3, failed: 0, badExits: 0 });
    },
    60_000,
  );
});

describe('a process with a bug', () => {
  it.each([
    ['an uncaught exception', "throw new Error('boom')"],
    ['an unhandled rejection', "void Promise.reject(new Error('boom'))"],
  ])('logs %s once and exits 1', async (_, bug) => {
    const preload = `data:text/javascript,process.once('SIGUSR2', () => { ${encodeURIComponent(bug)} })`;
    await open({}, { execArgv: ['--import', preload] });
    gateway.child.kill('SIGUSR2');
    expect(await gateway.ended).toBe(1);
    const fatal = gateway.lines().filter(({ level }) => level === 60);
    expect(fatal).toEqual([expect.objectContaining({ err: expect.objectContaining({ message: 'boom' }) })]);
  });
});

describe('in production', () => {
  it('writes nothing but JSON, one line of which tells where it listens', async () => {
    await open({ NODE_ENV: 'production' });
    await askAt(gateway.url, IMAGES);
    gateway.child.kill('SIGTERM');
    gateway.child.kill('SIGTERM');
    await gateway.ended;
    const lines = gateway.output().trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('{'))).toBe(true);
    expect(gateway.lines()[0]?.['msg']).toBe(`listening on ${gateway.url}`);
  });
});
