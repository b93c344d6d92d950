import { describe, expect, it } from '@jest/globals';
import { Pool } from 'undici';
import { atDepth } from '../support/depth.js';
import { startStack, whileTimePasses } from '../support/stack.js';

const REQUESTS = atDepth(4096, 100_000);
const CALLERS = 64;
const AT_ONCE = atDepth(64, 256);

const QUERIES = [
  '{ images(filter: { isPublic: false }) { totalCount nodes { id label description createdBy } } }',
  '{ images(first: 2, orderBy: [{ field: CREATED, direction: DESC }]) { edges { cursor node { label } } } }',
  '{ image(id: "private/ID") { label description } }',
  '{ a: image(id: "private/ID") { label } b: image(id: "private/OTHER") { label } }',
  'mutation { updateImage(input: { id: "private/ID", description: "owner-ME rewrote" }) { image { label description } userErrors { message } } }',
  'mutation { updateImage(input: { id: "private/OTHER", label: "owner-ME-took-it" }) { image { label } userErrors { code } } }',
];

describe('64 callers interleaved, with aborts, faults, retries and mutations', () => {
  it(`show no caller a byte of another in ${REQUESTS} requests`, async () => {
    const { linode, gateway, clock } = await startStack({ sandbox: { log: false, rateLimits: false } });
    for (let n = 0; n < CALLERS; n++) {
      linode.addAccount({
        tokens: [{ token: `token-${n}`, username: `owner-${n}`, scopes: '*' }],
        images: [0, 1, 2].map((i) => ({
          id: `private/${1_000_000 + n * 10 + i}`,
          label: `owner-${n}-image-${i}`,
          description: `owner-${n}`,
          created_by: `owner-${n}`,
        })),
      });
    }
    const pool = new Pool(new URL(gateway.url).origin, { connections: AT_ONCE, pipelining: 1 });
    let foreign = 0;
    let own = 0;
    let failed = 0;
    let random = 1;
    const dice = (sides: number): number => {
      random = (random * 48271) % 2147483647;
      return random % sides;
    };

    const ask = async (): Promise<void> => {
      const me = dice(CALLERS);
      const query = (QUERIES[dice(QUERIES.length)] ?? '')
        .replaceAll('ME', String(me))
        .replaceAll('ID', String(1_000_000 + me * 10 + dice(3)))
        .replaceAll('OTHER', String(1_000_000 + dice(CALLERS) * 10));
      const leaver = new AbortController();
      const request = pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer token-${me}` },
        body: JSON.stringify({ query }),
        signal: leaver.signal,
      });
      if (dice(50) === 0) setImmediate(() => leaver.abort());
      try {
        const body = await (await request).body.text();
        const owners = body.match(/owner-\d+/g) ?? [];
        foreign += owners.filter((owner) => owner !== `owner-${me}`).length;
        own += owners.length;
      } catch {
        failed++;
      }
    };

    let repair = (): void => undefined;
    for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
      const round = sent / AT_ONCE;
      if (round % 8 === 0) {
        repair();
        repair = linode.fault(FAULTS[(round / 8) % FAULTS.length] ?? {});
      }
      await whileTimePasses(clock, 20, Promise.all(Array.from({ length: AT_ONCE }, ask)));
      clock.advance(round % 3 === 0 ? 6000 : 700);
    }
    await pool.destroy();
    expect(foreign).toBe(0);
    expect(own).toBeGreaterThan(REQUESTS / 4);
    expect(failed).toBeLessThan(REQUESTS / 10);
    expect(gateway.bugs).toEqual([]);
  }, 600_000);
});

const FAULTS = [
  { method: 'GET', path: /^\/images/, times: 20, status: 502 },
  { times: 20, reset: 'before' as const },
  { method: 'GET', times: 20, cutJson: true },
  { method: 'PUT', times: 20, reset: 'after' as const },
  { times: 20, html: true },
  { times: 20, status: 500 },
  { token: 'token-7', times: 5, status: 401 },
];
