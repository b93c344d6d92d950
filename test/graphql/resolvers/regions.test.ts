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
    // For a moment no operation retries.
    await gateway.ask(QUERY);
    expect(linode.count(REGIONS)).toBe(2);
    clock.advance(60 * MINUTE_MS);
    const gone = await gateway.ask<Regions>(QUERY);
    expect(gone.data).toEqual({ regions: null });
    expect(gone.errors).toMatchObject([{ path: ['regions'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });

  const KEEPS = '{ regions { slug siteType keepsImages } }';
  interface Keeping {
    regions: { slug: string; siteType: string; keepsImages: boolean }[];
  }
  const bySlug = ({ regions }: Keeping) => new Map(regions.map(({ slug, ...rest }) => [slug, rest]));

  it('keep images where the sandbox takes uploads, and nowhere else', async () => {
    const { linode, gateway } = await startStack({ sandbox: { api: 'latest' } });
    const { data, errors } = await gateway.ask<Keeping>(KEEPS);
    expect(errors).toEqual([]);
    const regions = bySlug(data);
    expect(regions.get('us-east')).toEqual({ siteType: 'CORE', keepsImages: true });
    expect(regions.get('us-den-1')).toEqual({ siteType: 'DISTRIBUTED', keepsImages: false });
    expect(regions.get('gb-lon')).toEqual({ siteType: 'CORE', keepsImages: false });
    for (const [region, { keepsImages }] of regions) {
      const response = await fetch(`${linode.url}/images/upload`, {
        method: 'POST',
        headers: { authorization: 'Bearer alice-full', 'content-type': 'application/json' },
        body: JSON.stringify({ label: 'x', region }),
      });
      expect([region, response.ok]).toEqual([region, keepsImages]);
    }
  });

  it('that keep no images are a setting', async () => {
    const { gateway } = await startStack({
      sandbox: { api: 'latest' },
      gateway: { imageRegionsExcept: ['us-east'] },
    });
    const { data } = await gateway.ask<Keeping>(KEEPS);
    expect(bySlug(data).get('us-east')?.keepsImages).toBe(false);
    expect(bySlug(data).get('gb-lon')?.keepsImages).toBe(true);
  });

  it('of v4.176 have no site type, and keep images where there is Object Storage', async () => {
    const { gateway } = await startStack({ sandbox: { api: '4.176' } });
    const regions = bySlug((await gateway.ask<Keeping>(KEEPS)).data);
    expect(regions.get('us-east')).toEqual({ siteType: 'UNKNOWN', keepsImages: true });
    expect([...regions.values()].some(({ keepsImages }) => !keepsImages)).toBe(true);
  });

  it('of an image are found by one call for all', async () => {
    const { linode, gateway } = await startStack({ sandbox: { api: 'latest' } });
    const { data, errors } = await gateway.ask(
      '{ images(filter: { tag: { eq: "web" } }) { nodes { regions { regionId region { label } } } } none: images(filter: { id: ["linode/debian12"] }) { nodes { regions { regionId } } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      images: {
        nodes: [
          { regions: [{ regionId: 'us-east', region: { label: 'Newark, NJ' } }, {}, {}] },
          { regions: [{ regionId: 'us-east' }] },
        ],
      },
      none: { nodes: [{ regions: null }] },
    });
    expect(linode.requests.map(({ line }) => line.replace(/\?.*/, ''))).toEqual([
      'GET /images',
      'GET /regions',
    ]);
  });
});
