import { setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { callerOf } from '../../../src/linode/caller.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { atDepth } from '../../support/depth.js';
import type { TestGateway } from '../../support/gateway.js';
import { startStack, LIST, VIEW } from '../../support/stack.js';
import { until } from '../../support/until.js';

const OPERATIONS = atDepth(300, 1000);

interface Images {
  images: { totalCount: number; nodes: { id: string; label: string }[] };
}

describe('what reads cost upstream', () => {
  it('lists once for 10,000 identical cold reads in parallel', async () => {
    const { linode, gateway } = await startStack();
    const release = holdList(linode);
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const reads = Array.from({ length: 10_000 }, () => listDirectly(gateway, signal));
    release();
    expect(new Set(await Promise.all(reads)).size).toBe(1);
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /images?page=1&page_size=500']);
  });

  it(`lists once for ${OPERATIONS} identical cold operations over HTTP, all under way at once`, async () => {
    const { linode, gateway } = await startStack();
    const release = holdList(linode);
    const answers = Array.from({ length: OPERATIONS }, () =>
      gateway.ask<Images>('{ images(first: 3) { totalCount nodes { id label } } }', { token: 'alice-full' }),
    );
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    release();
    const bodies = new Set((await Promise.all(answers)).map(({ body }) => body));
    expect(bodies.size).toBe(1);
    expect(linode.requests).toHaveLength(1);
  });

  it(`lists once for ${OPERATIONS} different queries within one freshness interval`, async () => {
    const { linode, gateway } = await startStack();
    const ids = linode.images('alice-full').map(({ id }) => id);
    const orders = ['LABEL', 'CREATED', 'UPDATED', 'SIZE', 'VENDOR', 'STATUS', 'ID'];
    const seen = new Set<number>();
    for (let i = 0; i < OPERATIONS; i++) {
      const { data, errors } = await gateway.ask<Images>(
        `{ images(first: ${1 + (i % 499)}, offset: ${i % 11}, filter: { size: { gte: ${Math.floor((i * 3000) / OPERATIONS)} } },
            orderBy: [{ field: ${orders[i % 7]}, direction: ${i % 2 ? 'ASC' : 'DESC'} }]) { totalCount nodes { id label } } }`,
        { token: 'alice-full' },
      );
      expect(errors).toEqual([]);
      expect(data.images.nodes.every(({ id }) => ids.includes(id))).toBe(true);
      seen.add(data.images.totalCount);
    }
    expect(seen.size).toBeGreaterThan(3);
    expect(linode.requests).toHaveLength(1);
  });

  it('lists once for each of 200 users at once', async () => {
    const { linode, gateway } = await startStack();
    const tokens = Array.from({ length: 200 }, (_, i) => `user-${i}`);
    for (const token of tokens) {
      linode.addAccount({ tokens: [{ token, username: token, scopes: '*' }], images: 2 });
    }
    await Promise.all(
      [...tokens, ...tokens].map((token) => gateway.ask('{ images { totalCount } }', { token })),
    );
    expect(linode.count(LIST)).toBe(200);
    expect(new Set(linode.requests.map(({ token }) => token)).size).toBe(200);
  });

  it('views an image once for all who ask for it within its freshness', async () => {
    const { linode, gateway, clock } = await startStack();
    const ask = () => gateway.ask('{ image(id: "private/23849498") { label } }', { token: 'alice-full' });
    await Promise.all([ask(), ask(), ask()]);
    clock.advance(5000);
    await ask();
    expect(linode.requests).toHaveLength(1);
    clock.advance(1);
    await ask();
    expect(linode.count(VIEW)).toBe(2);
  });

  it('answers one image from a fresh list', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
    await gateway.ask('{ image(id: "linode/debian12") { label } }', { token: 'alice-full' });
    expect(linode.requests).toHaveLength(1);
  });

  it('views an ID that a fresh list lacks before calling it null, and remembers that for two seconds', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
    const ask = () => gateway.ask('{ image(id: "private/999") { label } }', { token: 'alice-full' });
    expect((await ask()).data).toEqual({ image: null });
    await ask();
    expect(linode.count(VIEW)).toBe(1);
    clock.advance(2001);
    await ask();
    expect(linode.count(VIEW)).toBe(2);
    await gateway.ask('{ image(id: "private/999") { label } }', {
      token: 'alice-full',
      headers: { 'cache-control': 'no-cache' },
    });
    expect(linode.count(VIEW)).toBe(3);
  });

  it('views up to 20 distinct images of one operation, and lists for more', async () => {
    const { linode, gateway } = await startStack();
    const ids = linode.images('alice-full').map(({ id }) => id);
    const ask = (some: string[]) =>
      gateway.ask<{ nodes: { id: string }[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        token: 'alice-full',
        variables: { ids: some },
      });
    expect((await ask([...ids.slice(0, 20), ...ids.slice(0, 5)])).data.nodes).toHaveLength(25);
    expect([linode.count(VIEW), linode.count(LIST)]).toEqual([20, 0]);
    linode.clearRequests();
    const { data } = await ask(ids);
    expect(data.nodes.map(({ id }) => id)).toEqual(ids);
    expect([linode.count(VIEW), linode.count(LIST)]).toEqual([0, 1]);
  });

  it('refreshes images that move by views, not by new lists', async () => {
    const { linode, gateway, clock } = await startStack({ gateway: { settings: { maxAgeMs: 60_000 } } });
    linode.putImage('alice-full', { id: 'private/77', label: 'moving', status: 'creating' });
    const ask = () =>
      gateway.ask<{ images: { nodes: { status: string }[] } }>(
        '{ images(filter: { id: ["private/77"] }) { nodes { status } } }',
        { token: 'alice-full' },
      );
    expect((await ask()).data.images.nodes).toEqual([{ status: 'CREATING' }]);
    linode.putImage('alice-full', { id: 'private/77', label: 'moving', status: 'available' });
    clock.advance(5001);
    expect((await ask()).data.images.nodes).toEqual([{ status: 'AVAILABLE' }]);
    await ask();
    expect(linode.requests.map(({ line }) => line)).toEqual([
      'GET /images?page=1&page_size=500',
      'GET /images/private%2F77',
    ]);
  });

  it.each([
    ['an image that replicates by views', 'pending replication', 1],
    ['an image that is available everywhere by lists only', 'available', 0],
  ])('refreshes %s', async (_, status, views) => {
    const { linode, gateway, clock } = await startStack({
      sandbox: { api: 'latest' },
      gateway: { settings: { maxAgeMs: 60_000 } },
    });
    const regions = [
      { region: 'us-east', status: 'available' },
      { region: 'us-ord', status },
    ];
    linode.putImage('alice-full', { id: 'private/77', label: 'replica', status: 'available', regions });
    const ask = () => gateway.ask('{ images { totalCount } }', { token: 'alice-full' });
    await ask();
    clock.advance(5001);
    for (let i = 0; i < 3; i++) expect((await ask()).errors).toEqual([]);
    expect([linode.count(VIEW), linode.count(LIST)]).toEqual([views, 1]);
  });

  it('lets a waiter leave without ending the fetch of the others', async () => {
    const { linode, gateway } = await startStack();
    const release = holdList(linode);
    const leaver = new AbortController();
    const left = listDirectly(gateway, leaver.signal);
    const stayed = listDirectly(gateway, new AbortController().signal);
    leaver.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    release();
    expect(await stayed).toHaveLength(47);
    expect(linode.count(LIST)).toBe(1);
  });

  it('ends a fetch when the last client that waits for it leaves', async () => {
    const { linode, gateway } = await startStack();
    holdList(linode);
    const leaver = new AbortController();
    const left = gateway.ask('{ images { totalCount } }', { token: 'alice-full', signal: leaver.signal });
    left.catch(() => undefined);
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    leaver.abort();
    await until(() => gateway.upstreamCalls.length === 1, 'the end of the upstream call');
    expect(gateway.upstreamCalls).toMatchObject([{ kind: 'list', status: null }]);
    expect((await gateway.ask<Images>('{ images { totalCount } }', { token: 'alice-full' })).errors).toEqual(
      [],
    );
  });
});

function listDirectly({ catalogs }: TestGateway, signal: AbortSignal) {
  const reading = catalogs.reading({ deadlineAt: Infinity, signal }, undefined);
  return catalogs.of(callerOf('alice-full')).list(reading);
}

/** Holds the next list until the returned function is called. */
function holdList(linode: Sandbox): () => void {
  let release = (): void => undefined;
  linode.fault({ path: '/images', times: 1, before: new Promise<void>((resolve) => (release = resolve)) });
  return release;
}
