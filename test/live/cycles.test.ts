import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { Clock } from '../../src/clock.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { atDepth } from '../support/depth.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { manualClock } from '../support/manualClock.js';
import { subscribe } from '../support/subscriber.js';
import { until } from '../support/until.js';

const token = 'alice-full';
const MOVING = 'private/9501';
const QUERY = `subscription { image(id: "${MOVING}") { label } }`;
const AT_ONCE = 20;

/** A clock that knows how many timers are set. */
function countedClock(): Clock & { timers: () => number } {
  const clock = manualClock();
  const timers = new Set<object>();
  return {
    now: clock.now,
    after(ms, callback) {
      const timer = {};
      timers.add(timer);
      const cancel = clock.after(ms, () => {
        timers.delete(timer);
        callback();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
    timers: () => timers.size,
  };
}

let linode: Sandbox;
let gateway: TestGateway;
afterEach(async () => {
  await gateway.close();
  await linode.close();
});

async function overSse(): Promise<void> {
  const subscriber = await subscribe(gateway.url, QUERY, { token });
  await until(() => subscriber.results.length === 1, 'the present state');
  subscriber.close();
}

async function overWebSocket(): Promise<void> {
  const socket = new WebSocket(gateway.url.replace('http:', 'ws:'), 'graphql-transport-ws');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    });
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data as Buffer)) as { type: string };
      if (type === 'connection_ack')
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
      if (type === 'next') resolve();
    });
  });
  socket.terminate();
  await closed;
}

const gauges = async (): Promise<number[]> => {
  const metrics = (await gateway.metrics()) as { name: string; values: { value: number }[] }[];
  return ['gateway_subscriptions', 'gateway_live_callers', 'gateway_http_requests_in_flight'].map(
    (name) => metrics.find((metric) => metric.name === name)?.values[0]?.value ?? NaN,
  );
};

const listeners = (): number[] =>
  gateway.server.eventNames().map((name) => gateway.server.listenerCount(name));

describe('subscribers that come and go', () => {
  it.each([
    ['SSE', overSse],
    ['WebSocket', overWebSocket],
  ])(
    'over %s leave no listener, timer or poller',
    async (_, cycle) => {
      const clock = countedClock();
      linode = await startSandbox({ now: clock.now, rateLimits: false, log: false });
      linode.putImage(token, {
        id: MOVING,
        label: 'moving',
        regions: [{ region: 'us-ord', status: 'replicating' }],
      });
      gateway = await startTestGateway({ linodeApiUrl: linode.url, clock });
      const settled = () =>
        until(async () => (await gauges()).every((value) => value === 0), 'the end of all', 30_000);
      const run = async (cycles: number): Promise<void> => {
        for (let i = 0; i < cycles; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, cycle));
        await settled();
      };
      await run(AT_ONCE);
      const before = { timers: clock.timers(), listeners: listeners() };
      await run(atDepth(100, 10_000));
      expect({ timers: clock.timers(), listeners: listeners() }).toEqual(before);
      const connections = await new Promise<number>((resolve) => {
        gateway.server.getConnections((__, count) => {
          resolve(count);
        });
      });
      expect(connections).toBe(0);
      expect(gateway.bugs).toEqual([]);
    },
    240_000,
  );
});
