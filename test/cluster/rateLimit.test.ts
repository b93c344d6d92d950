import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendRefusal } from '../../src/http/errors.js';
import { createRateLimit, type Consume } from '../../src/http/admission/rateLimit.js';
import { RequestLimiter, type CountedRequest } from '../../src/http/admission/requestLimiter.js';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { startTestCluster } from '../support/cluster.js';
import { manualClock } from '../support/manualClock.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(consume: Consume): Promise<string> {
  const rateLimit = createRateLimit({ trustProxyHops: 0, consume });
  const server = createServer((req, res) => {
    Promise.resolve(rateLimit(req)).then(
      (refusal) => {
        if (refusal) sendRefusal(res, refusal);
        else res.end();
      },
      () => res.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const statusOf = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
};

describe('the rate limit of two workers', () => {
  it('counts the requests to both, in the primary', async () => {
    const clock = manualClock();
    const linode = await startSandbox({ now: clock.now });
    closing.push(() => linode.close());
    const limiter = new RequestLimiter(3, clock);
    const consume = async (request: CountedRequest) => limiter.consume(request);
    const cluster = startTestCluster(linode.url, clock, 2, { consume });
    closing.push(() => cluster.close());
    const urls = await Promise.all(
      cluster.workers.map(({ asker }) => serve((request) => asker.askSoon('consume', request))),
    );
    const [one = '', two = ''] = urls;
    for (const url of [one, two, one]) expect((await statusOf(url, 'alice-full')).status).toBe(200);
    for (const url of urls) {
      const { status, retryAfter } = await statusOf(url, 'alice-full');
      expect(status).toBe(429);
      expect(Number(retryAfter)).toBeGreaterThan(0);
    }
  });

  it('is said in whole seconds', async () => {
    const url = await serve(() => Promise.resolve(1200));
    expect(await statusOf(url, 'alice-full')).toEqual({ status: 429, retryAfter: '2' });
  });

  it('serves no request that it cannot count', async () => {
    const url = await serve(() => Promise.reject(new Error('the primary is gone')));
    expect((await statusOf(url, 'alice-full')).status).toBe(500);
  });
});
