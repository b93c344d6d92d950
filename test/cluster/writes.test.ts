import { describe, expect, it } from '@jest/globals';
import { LIST, VIEW } from '../support/stack.js';
import { workerStack } from '../support/workerGateways.js';

const stack = workerStack();

const ALICE = { token: 'alice-full' };
const ID = 'private/23849731';

interface Images {
  images: { nodes: { id: string; label: string }[] };
}

const list = async (i: 0 | 1) => {
  const { data, errors } = await stack.gateways[i].ask<Images>(
    '{ images(first: 100) { nodes { id label } } }',
    ALICE,
  );
  expect(errors).toEqual([]);
  return new Map(data.images.nodes.map(({ id, label }) => [id, label]));
};
const view = async (i: 0 | 1, id: string) => {
  const { data, errors } = await stack.gateways[i].ask<{ image: { label: string } | null }>(
    'query ($id: ID!) { image(id: $id) { label } }',
    { ...ALICE, variables: { id } },
  );
  expect(errors).toEqual([]);
  return data.image?.label;
};
/** The image as the mutation answers it. */
async function write(i: 0 | 1, mutation: string): Promise<string> {
  const { data, errors } = await stack.gateways[i].ask<Record<string, { image: { id: string } } | undefined>>(
    `mutation { written: ${mutation} }`,
    ALICE,
  );
  expect(errors).toEqual([]);
  return data['written']?.image?.id ?? '';
}

const CREATE = 'createImage(input: { diskId: "109867812", label: "anew" }) { image { id } }';
const UPLOAD = 'initiateImageUpload(input: { label: "anew", region: "us-east" }) { image { id } }';
const UPDATE = `updateImage(input: { id: "${ID}", label: "anew" }) { image { id } }`;
const REGIONS = `setImageRegions(input: { id: "${ID}", regions: ["us-east", "us-ord"], expectedRegions: ["us-east", "eu-central", "ap-south"] }) { image { id } userErrors { message } }`;
const DELETE = `deleteImage(input: { id: "${ID}" }) { deletedImageId }`;

describe.each([
  [0, 1],
  [1, 0],
] as const)('a write through worker %d', (writer, reader) => {
  it.each([
    ['createImage', CREATE],
    ['initiateImageUpload', UPLOAD],
    ['updateImage', UPDATE],
  ])('by %s is in the next answers of worker ' + reader + ', which held a copy', async (_, mutation) => {
    const before = await list(reader);
    const id = await write(writer, mutation);
    expect(before.get(id)).not.toBe('anew');
    expect((await list(reader)).get(id)).toBe('anew');
    expect(await view(reader, id)).toBe('anew');
    expect((await list(writer)).get(id)).toBe('anew');
    // What the write's answer told is not asked for again.
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([1, 0]);
  });

  it('by setImageRegions is in the next answers of worker ' + reader + ', after one view', async () => {
    await list(reader);
    expect(await write(writer, REGIONS)).toBe(ID);
    for (const i of [reader, writer]) {
      const { data } = await stack.gateways[i].ask(
        '{ images(filter: { region: ["us-ord"], regionStatus: [PENDING_REPLICATION] }) { nodes { id } } }',
        ALICE,
      );
      expect(data).toEqual({ images: { nodes: [{ id: ID }] } });
    }
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([1, 1]);
  });

  it('that deletes is gone from the next answers of worker ' + reader + ', which held a copy', async () => {
    expect((await list(reader)).has(ID)).toBe(true);
    await write(writer, DELETE);
    expect(await view(reader, ID)).toBeUndefined();
    expect((await list(reader)).has(ID)).toBe(false);
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([1, 0]);
  });

  it('is seen by one who knows nothing yet', async () => {
    const id = await write(writer, CREATE);
    expect(await view(reader, id)).toBe('anew');
  });

  it('that was refused changes nothing', async () => {
    const before = await list(reader);
    const { data } = await stack.gateways[writer].ask(
      'mutation { createImage(input: { diskId: "1" }) { image { id } userErrors { code } } }',
      ALICE,
    );
    expect(data).toEqual({ createImage: { image: null, userErrors: [{ code: 'NOT_FOUND' }] } });
    expect(await list(reader)).toEqual(before);
  });

  it('with an unknown outcome is settled by one view for both', async () => {
    await list(reader);
    stack.linode.fault({ method: 'PUT', reset: 'after' });
    const { errors } = await stack.gateways[writer].ask(`mutation { ${UPDATE} }`, ALICE);
    expect(errors).toMatchObject([{ extensions: { outcome: 'unknown' } }]);
    expect((await list(reader)).get(ID)).toBe('anew');
    expect((await list(writer)).get(ID)).toBe('anew');
    expect([stack.linode.count(LIST), stack.linode.count(VIEW)]).toEqual([1, 1]);
  });
});
