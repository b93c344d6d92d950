import { describe, expect, it } from '@jest/globals';
import { itDeep } from '../support/depth.js';
import { builtWorkers } from '../support/builtWorkers.js';
import { LIST } from '../support/stack.js';
import { until } from '../support/until.js';

const IMAGES = '{ images(first: 100) { totalCount nodes { id label isPublic } } }';

interface Images {
  data: { images: { totalCount: number; nodes: { id: string; label: string; isPublic: boolean }[] } };
}

const stack = builtWorkers();
const { open, ask, said, pids } = stack;

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const all = (count: number): Promise<Images[]> =>
  Promise.all(Array.from({ length: count }, () => ask<Images>(IMAGES)));

describe('two workers behind one port', () => {
  it('answer both, list once, and write whole lines', async () => {
    await open();
    const answers = await all(40);
    expect(new Set(answers.map(({ data }) => data.images.totalCount))).toEqual(new Set([47]));
    expect(stack.linode.count(LIST)).toBe(1);
    await until(() => said('operation').length === 40, '40 operations in the log');
    expect(pids().size).toBe(2);
    expect(pids().has(stack.gateway.child.pid)).toBe(false);
  });

  it('show a write through one to readers of both at once', async () => {
    await open();
    const [before] = await all(8);
    const image = before?.data.images.nodes.find(({ isPublic }) => !isPublic);
    await ask(
      `mutation { updateImage(input: { id: "${image?.id ?? ''}", label: "renamed" }) { userErrors { message } } }`,
    );
    for (const { data } of await all(8)) {
      expect(data.images.nodes.find(({ id }) => id === image?.id)?.label).toBe('renamed');
    }
  });

  itDeep('replace one that is killed, while the other goes on', async () => {
    await open();
    await all(8);
    await until(() => pids().size === 2, 'operations by 2 workers');
    const [victim] = pids();
    process.kill(Number(victim), 'SIGKILL');
    await until(() => said('worker exited, restarting').length === 1, 'the restart of the worker');
    await until(async () => {
      await ask('{ __typename }');
      return pids().size === 3;
    }, 'operations by 3 workers');
    for (const { data } of await all(8)) expect(data.images.totalCount).toBe(47);
  });

  it('end in order with the primary, and exit 0', async () => {
    await open();
    await all(8);
    let release = (): void => undefined;
    let hasArrived = false;
    stack.linode.fault({
      path: '/images',
      before: () => {
        hasArrived = true;
        return new Promise<void>((resolve) => (release = resolve));
      },
    });
    const underWay = ask<Images>('{ images { totalCount } }', 'bob-full');
    await until(() => hasArrived, 'the request upstream');
    stack.gateway.child.kill('SIGTERM');
    await until(() => said('draining').length === 1, 'the start of the drain');
    release();
    expect((await underWay).data.images.totalCount).toBeGreaterThan(0);
    expect(await stack.gateway.ended).toBe(0);
    expect(said('worker exited, restarting')).toEqual([]);
  });

  itDeep('leave none behind that stands still', async () => {
    await open({ DRAIN_DELAY_SECONDS: '0', DRAIN_TIMEOUT_SECONDS: '1' });
    await all(8);
    await until(() => pids().size === 2, 'operations by 2 workers');
    const [standing] = [...pids()].map(Number);
    process.kill(Number(standing), 'SIGSTOP');
    stack.gateway.child.kill('SIGTERM');
    expect(await stack.gateway.ended).toBe(0);
    await until(() => !isThere(Number(standing)), 'the exit of the worker');
  });

  itDeep('end at once at a second signal', async () => {
    await open({ DRAIN_DELAY_SECONDS: '500', DRAIN_TIMEOUT_SECONDS: '600' });
    stack.gateway.child.kill('SIGTERM');
    await until(() => said('draining').length === 1, 'the start of the drain');
    stack.gateway.child.kill('SIGTERM');
    expect(await stack.gateway.ended).toBe(143);
  });

  itDeep('tell where they listen once, and nothing but JSON, in production', async () => {
    await open({ NODE_ENV: 'production' });
    await all(4);
    expect(said(`listening on ${stack.gateway.url}`)).toHaveLength(1);
    const lines = stack.gateway.output().trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('{'))).toBe(true);
  });
});
