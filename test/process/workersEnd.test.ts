import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { itDeep } from '../support/depth.js';
import { PACKAGE } from '../support/gateway.js';
import { builtWorkers } from '../support/builtWorkers.js';
import { until } from '../support/until.js';

const stack = builtWorkers();
const { open, ask, get, post, said, pids } = stack;

const IMAGES = '{ images { totalCount } }';
const ENDLESS = { DRAIN_DELAY_SECONDS: '500', DRAIN_TIMEOUT_SECONDS: '600' };

/** Has both workers answer operations. */
const wake = () =>
  until(async () => {
    await ask(IMAGES);
    return pids().size === 2;
  }, 'operations by 2 workers');

/** Makes the next list wait. */
function holdList(): { arrived: () => Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let hasArrived = false;
  stack.linode.fault({
    path: '/images',
    before: () => {
      hasArrived = true;
      return released;
    },
  });
  return { arrived: () => until(() => hasArrived, 'the request upstream'), release };
}

async function sampleOf(metric: string): Promise<number> {
  const { body } = await get('/metrics');
  return Number(new RegExp(`^${metric} (\\d+)$`, 'm').exec(body)?.[1]);
}

const isAlive = (pid: unknown): boolean => {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
};

itDeep(
  'both workers say no to orchestrators while they drain, take work, and close each connection',
  async () => {
    await open({ ...ENDLESS, LOG_LEVEL: 'debug' });
    await wake();
    await until(async () => (await get('/health/ready')).status === 200, 'readiness');
    stack.gateway.child.kill('SIGTERM');
    const refused = () =>
      new Set(said('request').flatMap(({ status, pid }) => (status === 503 ? [pid] : [])));
    await until(async () => {
      await get('/health/ready');
      return refused().size === 2;
    }, 'a refusal by both workers');
    for (let i = 0; i < 8; i++) {
      const { status, headers, body } = await get('/health/ready');
      expect([status, headers.connection]).toEqual([503, 'close']);
      expect(JSON.parse(body)).toEqual({ status: 'not ready', reason: 'draining' });
      const answer = await post(IMAGES);
      expect([answer.status, answer.headers.connection]).toEqual([200, 'close']);
      expect(JSON.parse(answer.body)).toEqual({ data: { images: { totalCount: 47 } } });
    }
  },
);

it('a SIGINT to the whole group, as of a terminal, loses no answer and ends with 0', async () => {
  await open({}, { leadsGroup: true });
  await wake();
  const { arrived, release } = holdList();
  const underWay = Array.from({ length: 16 }, () => ask(IMAGES, 'bob-full'));
  await arrived();
  // The one that asks is one of them.
  await until(
    async () => (await sampleOf('gateway_http_requests_in_flight')) === 17,
    '17 requests in flight',
  );
  process.kill(-Number(stack.gateway.child.pid), 'SIGINT');
  await until(() => said('draining').length === 1, 'the start of the drain');
  release();
  const answers = await Promise.all(underWay);
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([expect.stringMatching(/^\{"data":\{"images":\{"totalCount":\d+\}\}\}$/)]),
  );
  expect(await stack.gateway.ended).toBe(0);
  expect(said('worker exited, restarting')).toEqual([]);
  for (const pid of pids()) expect(isAlive(pid)).toBe(false);
});

itDeep('workers lose nothing under load', async () => {
  await open();
  const script = join(PACKAGE, 'scripts', 'sigterm.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '3', '8', '2']);
  expect(JSON.parse(stdout)).toMatchObject({ runs: 3, failed: 0, badExits: 0 });
});

itDeep('workers end with a primary that is killed, and leave the port', async () => {
  await open();
  await wake();
  const { arrived } = holdList();
  const lost = ask(IMAGES, 'bob-full').catch((error: unknown) => error);
  await arrived();
  stack.gateway.child.kill('SIGKILL');
  expect(await lost).toMatchObject({ code: 'ECONNRESET' });
  await until(() => ![...pids()].some(isAlive), 'the exit of all workers');
  const { port, hostname } = new URL(stack.gateway.url);
  const next = createServer();
  await new Promise<void>((resolve, reject) => {
    next.once('error', reject).listen(Number(port), hostname, resolve);
  });
  next.close();
});
