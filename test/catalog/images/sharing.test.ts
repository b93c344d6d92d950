import { describe, expect, it } from '@jest/globals';
import { startStack, LIST, VIEW } from '../../support/stack.js';
import { until } from '../../support/until.js';

const ALICE = { token: 'alice-full' };
const PAGE = `{ images(filter: { isPublic: false }) { nodes {
  id creator { username } latestEvent { status } linodes { nodes { id region { label } } } } } }`;

describe('what operations share beside images', () => {
  it('asks for users, events and Linodes of a page once for all operations within their freshness', async () => {
    const { linode, gateway, clock } = await startStack();
    const first = await gateway.ask(PAGE, ALICE);
    expect(first.errors).toEqual([]);
    const { length } = linode.requests;
    const again = await Promise.all(Array.from({ length: 20 }, () => gateway.ask(PAGE, ALICE)));
    expect(new Set(again.map(({ body }) => body))).toEqual(new Set([first.body]));
    expect(linode.requests).toHaveLength(length);
    expect(again[0]?.headers.get('cache-control')).toBe('private, max-age=2');
    clock.advance(2001);
    await gateway.ask(PAGE, ALICE);
    expect(linode.requests.slice(length).map(({ path }) => path)).toEqual(['/account/events']);
  });

  it('fetches events again after a write of the same caller, and on no-cache', async () => {
    const { linode, gateway } = await startStack();
    const events = '{ image(id: "private/23849498") { latestEvent { action } } }';
    await gateway.ask(events, ALICE);
    await gateway.ask(
      'mutation { updateImage(input: { id: "private/23849498", label: "x" }) { image { id } } }',
      ALICE,
    );
    expect((await gateway.ask(events, ALICE)).data).toEqual({
      image: { latestEvent: { action: 'image_update' } },
    });
    expect(linode.count(/events/)).toBe(2);
    await gateway.ask(events, { ...ALICE, headers: { 'cache-control': 'no-cache' } });
    expect(linode.count(/events/)).toBe(3);
  });

  it.each([
    ['updates', 'updateImage(input: { id: "private/23849498", label: "x" }) { image { id } }'],
    ['deletes', 'deleteImage(input: { id: "private/23849498" }) { deletedImageId }'],
    ['creates', 'createImage(input: { diskId: "109867812" }) { image { id } }'],
    ['uploads', 'initiateImageUpload(input: { label: "x", region: "us-east" }) { image { id } }'],
  ])('keeps users, Linodes, disks and regions when the caller %s an image', async (_, mutation) => {
    const { linode, gateway } = await startStack();
    const query = `{ viewer { username } regions { id } linodes { nodes { disks { id } } }
      image(id: "private/23849499") { creator { username } latestEvent { action } } }`;
    await gateway.ask(query, ALICE);
    await gateway.ask(`mutation { ${mutation} }`, ALICE);
    linode.clearRequests();
    const { errors } = await gateway.ask(query, ALICE);
    expect([errors, linode.requests.map(({ path }) => path)]).toEqual([[], ['/account/events']]);
  });

  it.each([
    ['refuses more calls', { status: 429, headers: { 'retry-after': '60' } }],
    ['fails', { status: 500 }],
  ])('serves events from before a write as stale when Linode %s', async (_, fault) => {
    const { linode, gateway } = await startStack();
    const query = '{ image(id: "private/23849498") { latestEvent { action } } linodes { totalCount } }';
    const { data } = await gateway.ask(query, ALICE);
    await gateway.ask(
      'mutation { updateImage(input: { id: "private/23849498", label: "x" }) { image { id } } }',
      ALICE,
    );
    linode.fault({ path: /account/, ...fault });
    const stale = await gateway.ask(query, ALICE);
    expect([stale.data, stale.errors, stale.extensions]).toEqual([data, [], { stale: { ageSeconds: 0 } }]);
  });

  it('shares nothing between callers', async () => {
    const { linode, gateway } = await startStack();
    const query = '{ viewer { username } linodes { nodes { label } } }';
    const [alice, bob, carol] = await Promise.all(
      ['alice-full', 'bob-full', 'carol-restricted'].map((token) => gateway.ask(query, { token })),
    );
    expect(new Set([alice, bob, carol].map((answer) => answer?.body)).size).toBe(3);
    expect(linode.count(/profile/)).toBe(3);
  });

  it('remembers a refusal as it would an answer', async () => {
    const { linode, gateway } = await startStack();
    const query = '{ image(id: "private/23849498") { latestEvent { action } } }';
    for (let i = 0; i < 3; i++) {
      const { errors } = await gateway.ask(query, { token: 'alice-read' });
      expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    expect(linode.count(/events/)).toBe(1);
  });

  it('serves what it knows while the API falters, and says so', async () => {
    const { linode, gateway, clock } = await startStack();
    const query = '{ linodes { totalCount } }';
    const { data } = await gateway.ask(query, ALICE);
    clock.advance(30_000);
    linode.fault({ status: 500 });
    const stale = await gateway.ask(query, ALICE);
    expect([stale.data, stale.extensions]).toEqual([data, { stale: { ageSeconds: 30 } }]);
  });

  it('is fresh for others although a client left while it was asked for', async () => {
    const { linode, gateway, clock } = await startStack();
    const query = '{ linodes { totalCount } }';
    await gateway.ask(query, ALICE);
    clock.advance(30_000);
    linode.fault({ hang: true, times: 1 });
    const leaver = new AbortController();
    const left = gateway.ask(query, { ...ALICE, signal: leaver.signal });
    left.catch(() => undefined);
    await until(() => linode.requests.length === 2, 'two upstream requests');
    leaver.abort();
    await until(() => gateway.upstreamCalls.length === 2, 'the end of two upstream calls');
    const { errors, extensions } = await gateway.ask(query, ALICE);
    expect([errors, extensions]).toEqual([[], undefined]);
    expect(linode.requests).toHaveLength(3);
  });

  it('forgets all of it with a refused token', async () => {
    const { linode, gateway, clock } = await startStack();
    const query = '{ linodes { totalCount } }';
    await gateway.ask(query, ALICE);
    const restore = linode.fault({ status: 401 });
    await gateway.ask('{ viewer { username } }', ALICE);
    restore();
    clock.advance(2001);
    linode.fault({ status: 500 });
    const { errors, extensions } = await gateway.ask(query, ALICE);
    expect([errors[0]?.extensions['code'], extensions]).toEqual(['UPSTREAM_UNAVAILABLE', undefined]);
  });
});

describe('many single images', () => {
  it('are listed once more than 20 distinct ones are asked for within a freshness interval', async () => {
    const { linode, gateway, clock } = await startStack();
    const ids = linode.images('alice-full').map(({ id }) => id);
    for (let round = 0; round < 3; round++) {
      for (const id of ids) {
        const { data } = await gateway.ask('query ($id: ID!) { image(id: $id) { id } }', {
          ...ALICE,
          variables: { id },
        });
        expect(data).toEqual({ image: { id } });
      }
      clock.advance(5001);
    }
    expect([linode.count(VIEW), linode.count(LIST)]).toEqual([20, 3]);
  });
});
