import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { atDepth } from '../../support/depth.js';
import type { TestGateway } from '../../support/gateway.js';
import { hasRedis } from '../../support/redis.js';
import { startRedisGateways, type RedisGateways } from '../../support/redisGateways.js';
import { LIST, VIEW } from '../../support/stack.js';

const ALICE = { token: 'alice-full' };
const BOB = { token: 'bob-full' };
const ID = 'private/23849731';

interface Images {
  images: { totalCount: number; nodes: { id: string; label: string }[] };
}

(hasRedis() ? describe : describe.skip)('three processes and one Redis', () => {
  let stack: RedisGateways;
  beforeEach(async () => {
    // Fresh for longer than a slow machine takes.
    stack = await startRedisGateways(3, { gateway: { settings: { maxAgeMs: 60_000 } } });
  });
  afterEach(() => stack.close());

  const gateway = (i: number) => stack.gateways[i] as TestGateway;
  const list = async (i: number, token = ALICE) => {
    const query = '{ images(first: 100) { totalCount nodes { id label } } }';
    const answer = await gateway(i).ask<Images>(query, token);
    expect(answer.errors).toEqual([]);
    expect(answer.extensions?.['stale']).toBeUndefined();
    return new Map(answer.data.images.nodes.map(({ id, label }) => [id, label]));
  };
  const ask = (i: number, query: string, token = ALICE) => gateway(i).ask<Images>(query, token);

  it('list once for identical cold reads through all of them', async () => {
    const answers = await Promise.all(
      Array.from({ length: atDepth(300, 3000) }, (_, i) =>
        ask(i % 3, '{ images(first: 3) { totalCount nodes { id label } } }'),
      ),
    );
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(stack.linode.count(LIST)).toBe(1);
  });

  it('list once for different queries through all of them', async () => {
    for (let i = 0; i < 60; i++) {
      const { errors } = await ask(i % 3, `{ images(first: ${1 + i}, offset: ${i % 7}) { nodes { id } } }`);
      expect(errors).toEqual([]);
    }
    expect(stack.linode.count(LIST)).toBe(1);
  });

  it.each([
    ['updateImage', `updateImage(input: { id: "${ID}", label: "renewed" }) { image { id } }`],
    ['createImage', 'createImage(input: { diskId: "109867812", label: "renewed" }) { image { id } }'],
    [
      'initiateImageUpload',
      'initiateImageUpload(input: { label: "renewed", region: "us-east" }) { image { id } }',
    ],
  ])('see what one of them has written by %s, at once', async (_, mutation) => {
    for (const i of [0, 1, 2]) expect([...(await list(i)).values()]).not.toContain('renewed');
    const { errors } = await ask(0, `mutation { ${mutation} }`);
    expect(errors).toEqual([]);
    for (const i of [1, 2, 0]) expect([...(await list(i)).values()]).toContain('renewed');
    // One view for all others.
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([1, 1]);
  });

  it('do not show an image that one of them has deleted', async () => {
    for (const i of [0, 1, 2]) expect((await list(i)).has(ID)).toBe(true);
    const { errors } = await ask(2, `mutation { deleteImage(input: { id: "${ID}" }) { deletedImageId } }`);
    expect(errors).toEqual([]);
    for (const i of [0, 1, 2]) expect((await list(i)).has(ID)).toBe(false);
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([1, 0]);
  });

  it('do not serve a response from memory that a write has made wrong', async () => {
    const query = `{ image(id: "${ID}") { label } }`;
    for (let i = 0; i < 5; i++) await ask(1, query);
    const before = (await ask(1, query)).body;
    await ask(0, `mutation { updateImage(input: { id: "${ID}", label: "renewed" }) { image { id } } }`);
    const after = (await ask(1, query)).body;
    expect([before.includes('renewed'), after.includes('renewed')]).toEqual([false, true]);
  });

  it('never mix two callers', async () => {
    const [alice, bob] = [await list(0, ALICE), await list(1, BOB)];
    expect(await list(2, ALICE)).toEqual(alice);
    expect(await list(2, BOB)).toEqual(bob);
    expect(alice).not.toEqual(bob);
    expect(stack.linode.count(LIST)).toBe(2);
  });

  it('request Linodes, regions, users and events once', async () => {
    const query = '{ regions { id } linodes(first: 5) { nodes { label } } viewer { username } }';
    const bodies = [];
    for (const i of [0, 1, 2]) bodies.push((await ask(i, query)).body);
    const calls = stack.linode.requests.map(({ line }) => line);
    expect(new Set(bodies).size).toBe(1);
    expect(new Set(calls).size).toBe(calls.length);
    expect(calls.length).toBeGreaterThan(1);
  });

  it('honour no-cache', async () => {
    await list(0);
    const noCache = { ...ALICE, headers: { 'cache-control': 'no-cache' } };
    await gateway(1).ask('{ images { totalCount } }', noCache);
    expect(stack.linode.count(LIST)).toBe(2);
    await list(2);
    expect(stack.linode.count(LIST)).toBe(2);
  });

  it('go on while Redis is down, and together when it is back', async () => {
    const before = await list(0);
    await stack.server.kill();
    expect(await list(0)).toEqual(before);
    expect(await list(1)).toEqual(before);
    await ask(0, `mutation { updateImage(input: { id: "${ID}", label: "alone" }) { image { id } } }`);
    expect((await list(0)).get(ID)).toBe('alone');
    await stack.server.start();
    for (const i of [0, 1, 2]) {
      await expectSoon(async () => expect((await list(i)).get(ID)).toBe('alone'));
    }
  });
});

async function expectSoon(check: () => Promise<void>): Promise<void> {
  for (let left = 200; ; left--) {
    try {
      await check();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
