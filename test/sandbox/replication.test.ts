import { describe, expect, it } from '@jest/globals';
import type { SandboxImage } from '../../src/sandbox/sandbox.js';
import { startTestSandbox, type ApiReply, type Call, type Errors, type TestSandbox } from './harness.js';

const ID = 'private/23912044';
const PATH = `/images/${encodeURIComponent(ID)}`;

function replicate<T = SandboxImage>(
  { call }: TestSandbox,
  regions: unknown,
  more: Call = {},
): Promise<ApiReply<T>> {
  return call<T>(`${PATH}/regions`, { method: 'POST', body: { regions }, ...more });
}

/** The statuses by region, and the total size in sizes of the image. */
function stateOf({ sandbox }: TestSandbox): [Record<string, string>, number] {
  const { regions, total_size: total = 0, size } = sandbox.image(ID) ?? fail();
  return [Object.fromEntries((regions ?? []).map(({ region, status }) => [region, status])), total / size];
}

describe('POST /images/{id}/regions', () => {
  it('replicates in time, and grows the total size with each available replica', async () => {
    const here = await startTestSandbox();
    const { status, body } = await replicate(here, ['us-east', 'nl-ams']);
    expect([status, body.regions, body.total_size]).toEqual([
      200,
      [
        { region: 'us-east', status: 'available' },
        { region: 'nl-ams', status: 'pending replication' },
      ],
      1688,
    ]);
    here.clock.ms += 20_000;
    expect(stateOf(here)).toEqual([{ 'us-east': 'available', 'nl-ams': 'replicating' }, 1]);
    here.clock.ms += 39_999;
    expect(stateOf(here)[0]).toEqual({ 'us-east': 'available', 'nl-ams': 'replicating' });
    here.clock.ms += 1;
    expect(stateOf(here)).toEqual([{ 'us-east': 'available', 'nl-ams': 'available' }, 2]);
    const { body: events } = await here.call<{ data: { entity: { id: number } }[] }>('/account/events');
    expect(events.data[0]?.entity.id).not.toBe(23912044);
  });

  it('deletes the replicas that are left out', async () => {
    const here = await startTestSandbox();
    here.sandbox.putImage('alice-full', {
      id: ID,
      regions: ['us-east', 'nl-ams'].map((region) => ({ region, status: 'available' })),
    });
    expect(stateOf(here)[1]).toBe(2);
    await replicate(here, ['nl-ams']);
    expect(stateOf(here)).toEqual([{ 'us-east': 'pending deletion', 'nl-ams': 'available' }, 1]);
    here.clock.ms += 10_000;
    expect(stateOf(here)).toEqual([{ 'nl-ams': 'available' }, 1]);
  });

  it('cancels a replication that is left out, and starts one whose deletion is under way', async () => {
    const here = await startTestSandbox();
    await replicate(here, ['us-east', 'nl-ams']);
    here.clock.ms += 5_000;
    await replicate(here, ['us-east']);
    expect(stateOf(here)[0]).toEqual({ 'us-east': 'available', 'nl-ams': 'pending deletion' });
    here.clock.ms += 5_000;
    await replicate(here, ['us-east', 'nl-ams']);
    here.clock.ms += 15_000;
    expect(stateOf(here)[0]).toEqual({ 'us-east': 'available', 'nl-ams': 'pending replication' });
    here.clock.ms += 45_000;
    expect(stateOf(here)[0]).toEqual({ 'us-east': 'available', 'nl-ams': 'available' });
  });

  it('keeps a replication under way when the same regions are sent again', async () => {
    const here = await startTestSandbox();
    await replicate(here, ['us-east', 'nl-ams']);
    here.clock.ms += 30_000;
    await replicate(here, ['nl-ams', 'us-east', 'nl-ams']);
    here.clock.ms += 30_000;
    expect(stateOf(here)[0]).toEqual({ 'us-east': 'available', 'nl-ams': 'available' });
  });

  it('stays pending or times out by a fault, and starts again on request', async () => {
    for (const [outcome, status] of [
      ['stuck', 'pending replication'],
      ['failed', 'timedout'],
    ] as const) {
      const here = await startTestSandbox();
      here.sandbox.fault({ path: `${PATH}/regions`, outcome, times: 1 });
      expect((await replicate(here, ['us-east', 'nl-ams'])).status).toBe(200);
      here.clock.ms += 3_600_000;
      expect(stateOf(here)).toEqual([{ 'us-east': 'available', 'nl-ams': status }, 1]);
      await replicate(here, ['us-east', 'nl-ams']);
      here.clock.ms += 60_000;
      expect(stateOf(here)).toEqual([{ 'us-east': 'available', 'nl-ams': 'available' }, 2]);
    }
  });

  it('ends with its image', async () => {
    const here = await startTestSandbox();
    await replicate(here, ['us-east', 'nl-ams']);
    await here.call(PATH, { method: 'DELETE' });
    here.clock.ms += 60_000;
    expect(here.sandbox.image(ID)).toBeUndefined();
  });

  it.each<[string, unknown, string | undefined]>([
    ['no regions', undefined, 'regions'],
    ['a string', 'us-east', 'regions'],
    ['an empty list', [], 'regions'],
    ['numbers', [1], 'regions'],
    ['an unknown region', ['us-east', 'mars-1'], 'regions[1]'],
    ['a region without Object Storage', ['us-west', 'us-east'], 'regions[0]'],
    ['a region that stores no images', ['us-east', 'gb-lon'], 'regions[1]'],
    ['a distributed region', ['us-east', 'us-den-1'], 'regions[1]'],
    ['no available region', ['nl-ams'], 'regions'],
  ])('refuses %s', async (_, regions, field) => {
    const here = await startTestSandbox();
    const { status, body } = await replicate<Errors>(here, regions);
    expect([status, body.errors.map((error) => error.field)]).toEqual([400, [field]]);
    expect(stateOf(here)[0]).toEqual({ 'us-east': 'available' });
  });

  it('refuses images that are not available, not private, or not the caller’s to change', async () => {
    const here = await startTestSandbox();
    const body = { regions: ['us-east'] };
    const post = async (id: string, token: string) =>
      (await here.call(`/images/${id}/regions`, { method: 'POST', token, body })).status;
    const { body: made } = await here.call<SandboxImage>('/images', {
      method: 'POST',
      body: { disk_id: 109_867_812 },
    });
    expect(await post(made.id, 'alice-full')).toBe(400);
    expect(await post('linode/debian12', 'alice-full')).toBe(403);
    expect(await post('shared/301', 'bob-full')).toBe(403);
    expect(await post('private/23849731', 'carol-restricted')).toBe(403);
    expect(await post('private/23912044', 'carol-restricted')).toBe(200);
    expect(await post('private/23849731', 'bob-full')).toBe(404);
    expect(await post('private/23849731', 'alice-read')).toBe(401);
  });
});

function fail(): never {
  throw new Error('The image is missing');
}
