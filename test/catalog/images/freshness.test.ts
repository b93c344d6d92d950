import { describe, expect, it } from '@jest/globals';
import { startStack, LIST, VIEW } from '../../support/stack.js';
import { until } from '../../support/until.js';

interface Images {
  images: { totalCount: number };
}

const QUERY = '{ images { totalCount } }';

describe('freshness', () => {
  it('is 5 s with a token and 60 s without', async () => {
    const { linode, gateway, clock } = await startStack();
    for (const [token, ms] of [
      ['alice-full', 5000],
      [null, 60_000],
    ] as const) {
      linode.clearRequests();
      await gateway.ask(QUERY, { token });
      clock.advance(ms);
      await gateway.ask(QUERY, { token });
      expect(linode.count(LIST)).toBe(1);
      clock.advance(1);
      await gateway.ask(QUERY, { token });
      expect(linode.count(LIST)).toBe(2);
    }
  });

  it('is stated by Cache-Control, Age and Server-Timing', async () => {
    const { gateway, clock } = await startStack();
    const first = await gateway.ask(QUERY, { token: 'alice-full' });
    expect(first.headers.get('cache-control')).toBe('private, max-age=5');
    expect(first.headers.get('age')).toBe('0');
    expect(first.headers.get('server-timing')).toMatch(
      /^upstream;dur=[\d.]+;desc="1 calls", cache;desc="miss"$/,
    );
    clock.advance(2000);
    const second = await gateway.ask(QUERY, { token: 'alice-full' });
    expect(second.headers.get('cache-control')).toBe('private, max-age=5');
    expect(second.headers.get('age')).toBe('2');
    expect(second.headers.get('server-timing')).toBe('upstream;dur=0.0;desc="0 calls", cache;desc="hit"');
    const anonymous = await gateway.ask(QUERY);
    expect(anonymous.headers.get('cache-control')).toBe('public, max-age=60');
  });

  it('forbids caching the response to a mutation, to a failure, or with nothing read', async () => {
    const { linode, gateway } = await startStack();
    const upload = await gateway.ask(
      'mutation { initiateImageUpload(input: { label: "x", region: "us-east" }) { uploadTo } }',
      { token: 'alice-full' },
    );
    expect(upload.headers.get('cache-control')).toBe('no-store');
    expect((await gateway.ask('{ __typename }')).headers.get('cache-control')).toBe('no-store');
    linode.fault({ path: '/images', status: 403 });
    const failed = await gateway.ask(QUERY, { token: 'bob-full' });
    expect(failed.headers.get('cache-control')).toBe('no-store');
  });

  it('is brought about by Cache-Control: no-cache, once for an operation and for all who ask meanwhile', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask(QUERY, { token: 'alice-full' });
    linode.putImage('alice-full', { label: 'new' });
    const how = { token: 'alice-full', headers: { 'cache-control': 'no-cache' } };
    const { data } = await gateway.ask<Images>(
      '{ images { totalCount } again: images(first: 1) { totalCount } }',
      how,
    );
    expect(data.images.totalCount).toBe(48);
    expect(linode.count(LIST)).toBe(2);
  });

  it('is brought about by max-age as far as the client asks', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(QUERY, { token: 'alice-full' });
    clock.advance(3000);
    const ask = (cacheControl: string) =>
      gateway.ask(QUERY, { token: 'alice-full', headers: { 'cache-control': cacheControl } });
    await ask('max-age=3');
    expect(linode.count(LIST)).toBe(1);
    await ask('max-age=2');
    expect(linode.count(LIST)).toBe(2);
  });

  it('of one image is a view with no-cache, past the memory of a 404 too', async () => {
    const { linode, gateway } = await startStack();
    const ask = (headers: Record<string, string> = {}) =>
      gateway.ask('{ image(id: "private/4711") { label } }', { token: 'alice-full', headers });
    expect((await ask()).data).toEqual({ image: null });
    linode.putImage('alice-full', { id: 'private/4711', label: 'here' });
    expect((await ask()).data).toEqual({ image: null });
    expect((await ask({ 'cache-control': 'no-cache' })).data).toEqual({ image: { label: 'here' } });
    expect([linode.count(VIEW), linode.count(LIST)]).toEqual([2, 0]);
  });

  it('never joins a no-cache reader to a list that began before it asked', async () => {
    const { linode, gateway } = await startStack();
    let release = (): void => undefined;
    linode.fault({ path: '/images', times: 1, after: new Promise<void>((resolve) => (release = resolve)) });
    const early = gateway.ask<Images>(QUERY, { token: 'alice-full' });
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    linode.putImage('alice-full', { label: 'new' });
    const late = gateway.ask<Images>(QUERY, {
      token: 'alice-full',
      headers: { 'cache-control': 'no-cache' },
    });
    release();
    expect((await late).data.images.totalCount).toBe(48);
    expect((await early).errors).toEqual([]);
    expect(linode.count(LIST)).toBe(2);
  });

  it('explains itself on request, without the token', async () => {
    const { linode, gateway } = await startStack();
    const how = { token: 'alice-full', headers: { 'x-explain': '1' } };
    const { extensions, body } = await gateway.ask(QUERY, how);
    expect(extensions).toEqual({
      explain: {
        cache: ['miss'],
        ageSeconds: 0,
        upstreamCalls: [
          {
            kind: 'list',
            method: 'GET',
            path: '/images?page=1&page_size=500',
            xFilter: null,
            status: 200,
            ms: 0,
            budgetLeft: 14,
            curl: `curl -H 'Authorization: Bearer '"$LINODE_TOKEN" '${linode.url}/images?page=1&page_size=500'`,
          },
        ],
      },
    });
    expect(body).not.toContain('alice-full');
    const hit = await gateway.ask(QUERY, how);
    expect(hit.extensions).toEqual({ explain: { cache: ['hit'], ageSeconds: 0, upstreamCalls: [] } });
    expect((await gateway.ask(QUERY, { token: 'alice-full' })).extensions).toBeUndefined();
  });
});
