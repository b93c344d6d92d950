import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { countRequests, rateLimit } from '../../src/http/admission/rateLimit.js';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { startTestCluster } from '../support/cluster.js';
import { manualClock } from '../support/manualClock.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(...args: Parameters<typeof rateLimit>): Promise<string> {
  const app = express().use(rateLimit(...args), (_, res) => void res.send('served'));
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => {
      resolve(listening);
    });
  });
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const statusOf = async (url: string, token: string) => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await answer.text();
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
};

describe('the rate limit of two workers', () => {
  it("counts a caller's requests to both, in the primary", async () => {
    const clock = manualClock();
    const linode = await startSandbox({ now: clock.now });
    closing.push(() => linode.close());
    const cluster = startTestCluster(linode.url, clock, 2, { consume: countRequests(3) });
    closing.push(() => cluster.close());
    const urls = await Promise.all(
      cluster.workers.map(({ asker }) => serve(3, (key) => asker.askSoon('consume', { key }))),
    );
    const [one = '', two = ''] = urls;
    for (const url of [one, two, one]) expect((await statusOf(url, 'alice-full')).status).toBe(200);
    for (const url of urls) {
      const { status, retryAfter } = await statusOf(url, 'alice-full');
      expect(status).toBe(429);
      expect(Number(retryAfter)).toBeGreaterThan(0);
    }
    expect((await statusOf(two, 'bob-full')).status).toBe(200);
  });

  it('tells in whole seconds when the next request may come', async () => {
    const url = await serve(3, () => Promise.resolve(1200));
    expect(await statusOf(url, 'alice-full')).toEqual({ status: 429, retryAfter: '2' });
  });

  it('serves nothing uncounted: that the count fails is an error', async () => {
    const url = await serve(3, () => Promise.reject(new Error('the primary is gone')));
    expect((await statusOf(url, 'alice-full')).status).toBe(500);
  });
});
