import { describe, expect, it } from '@jest/globals';
import { startStack } from '../../support/stack.js';

const REGIONS = /^GET \/regions\?/;
const QUERY = '{ regions { slug } }';
const MINUTE_MS = 60_000;

interface Regions {
  regions: { slug: string }[] | null;
}

describe('regions', () => {
  it('are asked for once in five minutes, without a token, for all callers', async () => {
    const { clock, linode, gateway } = await startStack();
    for (const token of ['alice-full', 'bob-full', null]) {
      const { data } = await gateway.ask<Regions>(QUERY, { token });
      expect(data.regions?.map(({ slug }) => slug)).toContain('us-east');
    }
    expect(linode.requests.map(({ line, token }) => [line, token])).toEqual([
      ['GET /regions?page_size=500', null],
    ]);
    clock.advance(5 * MINUTE_MS + 1);
    await gateway.ask(QUERY);
    expect(linode.count(REGIONS)).toBe(2);
  });

  it('are asked for once by all who ask at the same time', async () => {
    const { linode, gateway } = await startStack();
    await Promise.all(Array.from({ length: 20 }, () => gateway.ask(QUERY)));
    expect(linode.count(REGIONS)).toBe(1);
  });

  it('serve on for an hour, saying so, while they cannot be asked for', async () => {
    const { clock, linode, gateway } = await startStack();
    const fresh = await gateway.ask<Regions>(QUERY);
    linode.fault({ path: '/regions', status: 500 });
    clock.advance(6 * MINUTE_MS);
    const stale = await gateway.ask<Regions>(QUERY);
    expect(stale.data).toEqual(fresh.data);
    expect(stale.extensions).toEqual({ stale: { ageSeconds: 360 } });
    // For a moment nobody asks again.
    await gateway.ask(QUERY);
    expect(linode.count(REGIONS)).toBe(2);
    clock.advance(60 * MINUTE_MS);
    const gone = await gateway.ask<Regions>(QUERY);
    expect(gone.data).toEqual({ regions: null });
    expect(gone.errors).toMatchObject([{ path: ['regions'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });
});
