import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/sandbox/sandbox.js';
import { atDepth } from '../../support/depth.js';
import { startStack, LIST, VIEW, whileTimePasses } from '../../support/stack.js';
import { until } from '../../support/until.js';

const ALICE = { token: 'alice-full' };
const MINE = '{ images(filter: { isPublic: false }, first: 500) { nodes { id label } } }';

interface Mine {
  images: { nodes: { id: string; label: string }[] };
}

describe('reading your own writes', () => {
  it('needs no new list: create, upload, update and delete are in the catalog at once', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask(MINE, ALICE);
    const { data } = await gateway.ask<Record<string, { image: { id: string } }>>(
      `mutation {
        upload: initiateImageUpload(input: { label: "up", region: "us-east" }) { image { id } }
        create: createImage(input: { diskId: "109867812", label: "shot" }) { image { id } }
        update: updateImage(input: { id: "private/23849498", label: "renamed" }) { image { id } }
        delete: deleteImage(input: { id: "private/23849499" }) { deletedImageId }
      }`,
      ALICE,
    );
    linode.clearRequests();
    const after = await gateway.ask<Mine>(MINE, ALICE);
    const labels = new Map(after.data.images.nodes.map(({ id, label }) => [id, label]));
    expect(labels.get(data['upload']?.image.id ?? '')).toBe('up');
    expect(labels.get(data['create']?.image.id ?? '')).toBe('shot');
    expect(labels.get('private/23849498')).toBe('renamed');
    expect(labels.has('private/23849499')).toBe(false);
    expect(linode.count(LIST)).toBe(0);
  });

  it('is not undone by a list that began before the write', async () => {
    const { linode, gateway } = await startStack();
    let release = (): void => undefined;
    linode.fault({ path: '/images', times: 1, after: new Promise<void>((resolve) => (release = resolve)) });
    const early = gateway.ask<Mine>(MINE, ALICE);
    await until(() => linode.count(LIST) === 1, 'a list call upstream');
    await gateway.ask(
      'mutation { updateImage(input: { id: "private/23849498", label: "renamed" }) { image { id } } }',
      ALICE,
    );
    release();
    await early;
    const { data } = await gateway.ask<Mine>(MINE, ALICE);
    expect(data.images.nodes.find(({ id }) => id === 'private/23849498')?.label).toBe('renamed');
    expect(linode.count(LIST)).toBe(1);
  });

  it('is undone by a newer list, though Linode answers it with the bytes of the one before the write', async () => {
    const { linode, gateway, clock } = await startStack();
    await gateway.ask(MINE, ALICE);
    const before = linode.image('private/23849498');
    await gateway.ask(
      'mutation { updateImage(input: { id: "private/23849498", label: "renamed" }) { image { id } } }',
      ALICE,
    );
    linode.putImage('alice-full', { ...before });
    clock.advance(5001);
    const { data } = await gateway.ask<Mine>(MINE, ALICE);
    expect(data.images.nodes.find(({ id }) => id === 'private/23849498')?.label).toBe(before?.label);
    expect(linode.count(LIST)).toBe(2);
  });

  it('keeps a deleted image deleted for a minute, though Linode still answers it', async () => {
    const { gateway, clock, linode } = await startStack({ sandbox: { deletionMs: 90_000 } });
    await gateway.ask(
      'mutation { deleteImage(input: { id: "private/23849498" }) { deletedImageId } }',
      ALICE,
    );
    expect(linode.images('alice-full').some(({ id }) => id === 'private/23849498')).toBe(true);
    for (const waitMs of [0, 6000, 50_000]) {
      clock.advance(waitMs);
      const { data } = await gateway.ask<Mine & { image: unknown }>(
        '{ image(id: "private/23849498") { id } images(first: 500) { nodes { id label } } }',
        ALICE,
      );
      expect(data.image).toBeNull();
      expect(data.images.nodes.some(({ id }) => id === 'private/23849498')).toBe(false);
    }
  });

  it('asks Linode after a write of unknown outcome', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask(MINE, ALICE);
    linode.fault({ method: 'POST', times: 1, reset: 'after' });
    const { errors } = await gateway.ask(
      'mutation { createImage(input: { diskId: "109867812", label: "perhaps" }) { image { id } } }',
      ALICE,
    );
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'unknown' });
    const { data } = await gateway.ask<Mine>(MINE, ALICE);
    expect(data.images.nodes.some(({ label }) => label === 'perhaps')).toBe(true);
    expect(linode.count(LIST)).toBe(2);
  });
});

const update = (label: string): string =>
  `mutation { updateImage(input: { id: "private/23849498", label: "${label}" }) { image { label } } }`;
const labelIn = ({ images }: Mine): string | undefined =>
  images.nodes.find(({ id }) => id === 'private/23849498')?.label;

describe('an uncertain write', () => {
  it.each(['after', 'before'] as const)(
    'is settled by one view (reset %s Linode carried it out)',
    async (reset) => {
      const { linode, gateway } = await startStack();
      const before = await gateway.ask<Mine>(MINE, ALICE);
      linode.fault({ method: 'PUT', times: 1, reset });
      const { errors } = await gateway.ask(update('perhaps'), ALICE);
      expect(errors[0]?.extensions['outcome']).toBe('unknown');
      linode.clearRequests();
      const reads = await Promise.all(Array.from({ length: 10 }, () => gateway.ask<Mine>(MINE, ALICE)));
      await gateway.ask('{ image(id: "private/23849498") { label } }', ALICE);
      const label = reset === 'after' ? 'perhaps' : labelIn(before.data);
      expect(new Set(reads.map(({ data }) => labelIn(data)))).toEqual(new Set([label]));
      expect(linode.requests.map(({ line }) => line)).toEqual(['GET /images/private%2F23849498']);
    },
  );

  it('of two that overlap is settled by one view', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask(MINE, ALICE);
    let release = (): void => undefined;
    linode.fault({ method: 'PUT', times: 1, after: new Promise<void>((resolve) => (release = resolve)) });
    const first = gateway.ask(update('first'), ALICE);
    await until(() => linode.count(/^PUT/) === 1, 'the first update');
    await gateway.ask(update('second'), ALICE);
    release();
    await first;
    linode.clearRequests();
    expect(labelIn((await gateway.ask<Mine>(MINE, ALICE)).data)).toBe('second');
    await gateway.ask(MINE, ALICE);
    expect([linode.count(LIST), linode.count(VIEW)]).toEqual([0, 1]);
  });

  it('is settled by one list together with more than 20 others', async () => {
    const { linode, gateway, clock } = await startStack({ gateway: { settings: { maxAgeMs: 60_000 } } });
    for (let i = 1; i <= 30; i++) {
      linode.putImage('alice-full', { id: `private/${i}`, label: `before-${i}` });
    }
    await gateway.ask(MINE, ALICE);
    linode.fault({ method: 'PUT', reset: 'after' });
    for (let i = 1; i <= 30; i++) {
      // Few enough a second for the circuit breaker.
      clock.advance(400);
      await gateway.ask(
        `mutation { updateImage(input: { id: "private/${i}", label: "after-${i}" }) { image { id } } }`,
        ALICE,
      );
    }
    linode.clearRequests();
    const { data } = await gateway.ask<Mine>(MINE, ALICE);
    expect(data.images.nodes.filter(({ label }) => label.startsWith('after'))).toHaveLength(30);
    await gateway.ask(MINE, ALICE);
    expect([linode.count(LIST), linode.count(VIEW)]).toEqual([1, 0]);
  });

  it('serves what was known as stale while a view fails, and is settled by a list where a view is refused', async () => {
    const { linode, gateway } = await startStack();
    const before = await gateway.ask<Mine>(MINE, ALICE);
    linode.fault({ method: 'PUT', times: 1, reset: 'after' });
    await gateway.ask(update('perhaps'), ALICE);
    const repair = linode.fault({ path: /^\/images\//, status: 500 });
    const stale = await gateway.ask<Mine>(MINE, ALICE);
    expect([labelIn(stale.data), stale.extensions]).toEqual([
      labelIn(before.data),
      { stale: { ageSeconds: 0 } },
    ]);
    repair();
    linode.fault({ path: /^\/images\//, status: 403 });
    const fresh = await gateway.ask<Mine>(MINE, ALICE);
    expect([labelIn(fresh.data), fresh.extensions]).toEqual(['perhaps', undefined]);
  });

  it('that is refused changes nothing: no list, no view', async () => {
    const { linode, gateway } = await startStack();
    await gateway.ask(MINE, ALICE);
    const { data } = await gateway.ask(
      'mutation { createImage(input: { diskId: "1" }) { image { id } } }',
      ALICE,
    );
    expect(data).toEqual({ createImage: { image: null } });
    linode.clearRequests();
    await gateway.ask(MINE, ALICE);
    expect(linode.requests).toEqual([]);
  });
});

const MUTATIONS = atDepth(600, 10_000);

const FAULTS: (Fault | null)[] = [
  { reset: 'before' },
  { reset: 'after' },
  { reset: 'mid-body' },
  { truncate: true },
  { cutJson: true },
  { empty: true },
  { html: true },
  { status: 500 },
  { status: 502, processed: true },
  { status: 503 },
  { status: 408 },
  { status: 429, headers: { 'retry-after': '1' } },
  { hang: true },
  { hang: 'after' },
  null,
];

describe('a mutation under faults', () => {
  it(`reaches Linode at most once in ${MUTATIONS} tries, and never looks like a success when it was none`, async () => {
    const { linode, gateway, clock } = await startStack({ sandbox: { log: false } });
    const seen = new Map<string, number>();
    const lanes = 20;
    for (let lane = 0; lane < lanes; lane++) {
      linode.addAccount({ tokens: [{ token: `lane-${lane}`, username: `lane-${lane}`, scopes: '*' }] });
    }
    let answered = 0;
    let unknown = 0;
    for (let done = 0; done < MUTATIONS; done += lanes) {
      linode.clearFaults();
      let hanging = 0;
      let settled = 0;
      const tries = Array.from({ length: lanes }, async (_, lane) => {
        const label = `try-${done + lane}`;
        const fault = FAULTS[(done + lane * 7) % FAULTS.length] ?? null;
        if (fault?.hang) hanging++;
        linode.fault({ ...fault, method: 'POST', token: `lane-${lane}`, before: () => count(seen, label) });
        const { data, errors } = await gateway.ask<{
          initiateImageUpload: { image: { label: string } } | null;
        }>(
          `mutation { initiateImageUpload(input: { label: "${label}", region: "us-east" }) { image { label } } }`,
          { token: `lane-${lane}` },
        );
        settled++;
        if (fault === null) expect(data.initiateImageUpload?.image.label).toBe(label);
        else expect(data).toEqual({ initiateImageUpload: null });
        if (errors[0]?.extensions['outcome'] === 'unknown') unknown++;
        answered++;
      });
      // One that could not be sent at all is tried again a moment later.
      await whileTimePasses(
        clock,
        10,
        until(() => settled >= lanes - hanging, 'all mutations that can end'),
      );
      clock.advance(10_001);
      await Promise.all(tries);
      // Long enough for the circuit breaker to forget: here it would only keep writes from being sent.
      clock.advance(6000);
    }
    expect(answered).toBe(MUTATIONS);
    expect(Math.max(...seen.values())).toBe(1);
    expect(seen.size).toBe(MUTATIONS);
    expect(unknown).toBeGreaterThan(MUTATIONS / 2);
    expect(gateway.bugs).toEqual([]);
  }, 300_000);
});

function count(seen: Map<string, number>, label: string): Promise<void> {
  seen.set(label, (seen.get(label) ?? 0) + 1);
  return Promise.resolve();
}
