import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callerOf } from '../../src/linode/caller.js';
import { startTestCluster, type TestCluster } from '../support/cluster.js';
import { manualClock } from '../support/manualClock.js';
import { http, startWireUpstream, type WireUpstream } from '../support/wireUpstream.js';
import { until } from '../support/until.js';

const alice = callerOf('alice');
const clock = manualClock();
const PAGE = '{"data":[],"page":1,"pages":1,"results":0}';

/** An upstream that answers nothing by itself, and notes which requests were given up. */
let linode: WireUpstream;
let sockets: Socket[];
let cluster: TestCluster;

beforeEach(async () => {
  sockets = [];
  linode = await startWireUpstream((socket) => sockets.push(socket));
  cluster = startTestCluster(linode.url, clock, 2);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await cluster.close();
  await linode.close();
});

const worker = (i: number) => {
  const found = cluster.workers[i];
  if (!found) throw new Error('no such worker');
  return found;
};
const { signal } = new AbortController();
setMaxListeners(0, signal);
const terms = () => ({ deadlineAt: clock.now() + 10_000, signal });
const reading = (i: number) => worker(i).catalogs.reading(terms(), undefined);
const list = (i: number) => worker(i).catalogs.of(alice).list(reading(i));
const arrived = (count: number) => until(() => linode.requests.length === count, 'the upstream requests');
/** Two turns for each of a message, its answer, and what follows. */
const settled = async () => {
  for (let i = 0; i < 6; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('what a worker asked that dies', () => {
  it.each([
    ['a list', (i: number) => list(i)],
    ['an image', (i: number) => worker(i).catalogs.of(alice).get(['private/1'], reading(i))],
    ['regions', (i: number) => worker(i).catalogs.regions.list(reading(i))],
  ])('is given up upstream: %s', async (_, ask) => {
    void ask(0).catch(() => undefined);
    await arrived(1);
    worker(0).leave();
    await until(() => sockets[0]?.destroyed === true, 'the end of the upstream connection');
  });

  it('goes on while another worker waits for the same', async () => {
    void list(0).catch(() => undefined);
    await arrived(1);
    const other = list(1);
    await settled();
    worker(0).leave();
    await settled();
    expect(sockets[0]?.destroyed).toBe(false);
    sockets[0]?.write(http(200, PAGE));
    expect(await other).toEqual([]);
    expect(linode.requests).toHaveLength(1);
  });

  it('is given up when the last of them dies', async () => {
    for (const i of [0, 1]) void list(i).catch(() => undefined);
    await arrived(1);
    await settled();
    worker(0).leave();
    worker(1).leave();
    await until(() => sockets[0]?.destroyed === true, 'the end of the upstream connection');
  });

  it('goes on where it is a write that was sent', async () => {
    void worker(0).catalogs.of(alice).delete('private/1', terms());
    await arrived(1);
    worker(0).leave();
    await settled();
    expect(sockets[0]?.destroyed).toBe(false);
  });
});
