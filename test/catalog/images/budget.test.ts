import { describe, expect, it } from '@jest/globals';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { atDepth } from '../../support/depth.js';
import { startStack, LIST, whileTimePasses } from '../../support/stack.js';

const MINUTE_MS = 60_000;
const CLIENTS = atDepth(10, 50);

interface Images {
  images: { totalCount: number; nodes: { id: string; label: string }[] };
}

/** The most list calls of one token within any 60 s. */
function busiestMinute(linode: Sandbox, token: string): number {
  const times = linode.requests
    .filter((request) => LIST.test(request.line) && request.token === token)
    .map(({ at }) => at);
  return Math.max(
    0,
    ...times.map((at) => times.filter((other) => other >= at && other < at + MINUTE_MS).length),
  );
}

const refusals = (linode: Sandbox): number => linode.requests.filter(({ status }) => status === 429).length;

describe('the budget of list calls', () => {
  it(`lasts for ${CLIENTS} clients hammering one token for 10 minutes, and every answer is right or says it is stale`, async () => {
    const { linode, gateway, clock } = await startStack();
    const truths: { at: number; label: string }[] = [];
    let wrong = 0;
    let stale = 0;
    for (let tick = 0; tick < 200; tick++) {
      const label = `tick-${tick}`;
      linode.putImage('alice-full', { id: 'private/23849498', label });
      truths.push({ at: clock.now(), label });
      await Promise.all(
        Array.from({ length: CLIENTS }, async (_, client) => {
          const headers: Record<string, string> = client % 10 === 0 ? { 'cache-control': 'no-cache' } : {};
          const query = QUERIES[(client + tick) % QUERIES.length] ?? '';
          const { data, errors, extensions } = await gateway.ask<Images & { image: { label: string } }>(
            query,
            {
              token: 'alice-full',
              headers,
            },
          );
          expect(errors).toEqual([]);
          const seen = data.image ?? data.images.nodes.find(({ id }) => id === 'private/23849498');
          const maxAgeMs = extensions?.['stale'] ? 600_000 : 5000;
          if (extensions?.['stale']) stale++;
          const right = truths.filter(({ at }) => at >= clock.now() - maxAgeMs - 3000);
          if (seen && !right.some((truth) => truth.label === seen.label)) wrong++;
        }),
      );
      clock.advance(3000);
    }
    expect(wrong).toBe(0);
    expect(stale).toBeGreaterThan(0);
    expect(busiestMinute(linode, 'alice-full')).toBeLessThanOrEqual(15);
    expect(refusals(linode)).toBe(0);
  }, 120_000);

  it('lasts for a collection of four pages', async () => {
    const { linode, gateway, clock } = await startStack();
    linode.addAccount({ tokens: [{ token: 'huge', username: 'huge', scopes: '*' }], images: 1961 });
    for (let second = 0; second < 180; second++) {
      const { data, errors } = await gateway.ask<Images>(`{ images(offset: ${second}) { totalCount } }`, {
        token: 'huge',
      });
      expect([data.images.totalCount, errors]).toEqual([2000, []]);
      clock.advance(1000);
    }
    expect(busiestMinute(linode, 'huge')).toBeLessThanOrEqual(15);
    expect(linode.count(LIST)).toBeGreaterThanOrEqual(3 * 4 * 3);
    expect(refusals(linode)).toBe(0);
  }, 60_000);

  it("leaves room for the token's other users, as the headers tell of them", async () => {
    const { linode, gateway, clock } = await startStack();
    // Another client spends the whole list limit of the same token.
    for (let i = 0; i < 19; i++) {
      await fetch(`${linode.url}/images?page_size=500`, { headers: { authorization: 'Bearer alice-full' } });
    }
    const ask = () => gateway.ask<Images>('{ images { totalCount } }', { token: 'alice-full' });
    expect((await ask()).errors).toEqual([]);
    clock.advance(6000);
    const { data, extensions } = await ask();
    expect(data.images.totalCount).toBe(47);
    expect(extensions).toEqual({ stale: { ageSeconds: 6 } });
    expect(refusals(linode)).toBe(0);
  });

  it('fails fast with RATE_LIMITED when it is spent and nothing is there to serve', async () => {
    const { linode, gateway } = await startStack();
    linode.fault({ path: '/images', times: 1, status: 429, headers: { 'retry-after': '30' } });
    const refused = await gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 30 });
    const again = await gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
    expect(again.errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 30 });
    expect(linode.count(LIST)).toBe(1);
    const bob = await gateway.ask('{ images { totalCount } }', { token: 'bob-full' });
    const view = await gateway.ask('{ image(id: "linode/debian12") { id } }', { token: 'alice-full' });
    expect([bob.errors, view.errors]).toEqual([[], []]);
  });

  it('pauses 1 s after a 429 that does not say for how long, doubling', async () => {
    const { linode, gateway, clock } = await startStack();
    linode.fault({ path: '/images', status: 429, body: '<html>429</html>' });
    const pauses: unknown[] = [];
    for (let i = 0; i < 9; i++) {
      const pending = gateway.ask('{ images { totalCount } }', {
        token: 'alice-full',
        headers: { 'x-request-id': `try-${i}` },
      });
      const { errors } = await whileTimePasses(clock, 20, pending);
      pauses.push(errors[0]?.extensions['code']);
      clock.advance(60_000);
    }
    expect(new Set(pauses)).toEqual(new Set(['RATE_LIMITED']));
    const times = linode.requests.map(({ at }) => at);
    expect(times.slice(1).every((at, i) => at - (times[i] ?? 0) >= Math.min(1000 * 2 ** i, 60_000))).toBe(
      true,
    );
  });
});

const QUERIES = [
  '{ images { totalCount nodes { id label } } }',
  '{ images(first: 500, filter: { isPublic: false }) { totalCount nodes { id label } } }',
  '{ images(last: 3, orderBy: [{ field: SIZE, direction: DESC }]) { totalCount nodes { id label } } }',
  '{ image(id: "private/23849498") { label } }',
  '{ images(filter: { vendor: { eq: "Debian" } }) { totalCount nodes { id label } } }',
];
