import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { countTags } from '../../../src/graphql/models/imageTags.js';
import { startStack } from '../../support/stack.js';

const ALICE = { token: 'alice-full' };
const TAGS = '{ imageTags { label count } }';

describe('imageTags', () => {
  it('counts the tags of the images that the caller sees, from the list that the catalog holds', async () => {
    const { gateway, linode } = await startStack({ sandbox: { api: 'latest' } });
    await gateway.ask('{ images { totalCount } }', ALICE);
    const { data, errors } = await gateway.ask(TAGS, ALICE);
    expect(errors).toEqual([]);
    expect(data).toEqual({
      imageTags: [
        { label: 'candidate', count: 1 },
        { label: 'ci=true', count: 1 },
        { label: 'db', count: 1 },
        { label: 'prod', count: 2 },
        { label: 'web', count: 2 },
      ],
    });
    expect(linode.requests).toHaveLength(1);
    expect((await gateway.ask(TAGS)).data).toEqual({ imageTags: [] });
  });

  it('are none in v4.176', async () => {
    const { gateway } = await startStack({ sandbox: { api: '4.176' } });
    const { data, errors } = await gateway.ask(
      `{ imageTags { label } images(first: 1) { nodes { tags } } }`,
      ALICE,
    );
    expect({ data, errors }).toEqual({
      data: { imageTags: [], images: { nodes: [{ tags: [] }] } },
      errors: [],
    });
  });

  it('are counted once per image, in an order that does not depend on the images', () => {
    const tag = fc.constantFrom('a', 'A', 'b', 'B', 'é', '=', '10', '9');
    fc.assert(
      fc.property(fc.array(fc.record({ tags: fc.array(tag, { maxLength: 5 }) })), (images) => {
        const counted = countTags(images);
        const expected = new Map(
          images
            .flatMap(({ tags }) => [...new Set(tags)])
            .map((label, _, labels) => [label, labels.filter((each) => each === label).length]),
        );
        expect(new Map(counted.map(({ label, count }) => [label, count]))).toEqual(expected);
        expect(countTags([...images].reverse())).toEqual(counted);
        const lower = counted.map(({ label }) => label.toLowerCase());
        expect(lower).toEqual([...lower].sort());
      }),
    );
  });
});

interface Written {
  it: { image: { tags: string[] } | null; userErrors: { code: string; field: string[] | null }[] };
}

describe('tags of a mutation', () => {
  const write = async (mutation: string, variables: Record<string, unknown> = {}) => {
    const { gateway, linode } = await startStack({ sandbox: { api: 'latest' } });
    const declared = Object.keys(variables).length > 0 ? '($tags: [String!])' : '';
    const { data, errors } = await gateway.ask<Written>(
      `mutation ${declared} { it: ${mutation} { image { tags } userErrors { code field } } }`,
      { ...ALICE, variables },
    );
    expect(errors).toEqual([]);
    const sent = linode.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    return { ...data.it, sent, gateway, linode };
  };

  it.each([
    ['createImage(input: { diskId: "109867812", tags: $tags })', ['b', 'a']],
    ['initiateImageUpload(input: { label: "up", region: "us-east", tags: $tags })', ['b', 'a']],
    ['updateImage(input: { id: "private/23849731", tags: $tags })', ['b', 'a']],
    ['updateImage(input: { id: "private/23849731", tags: $tags })', []],
  ])('are sent as they are, and returned sorted: %s', async (mutation, tags) => {
    const { image, userErrors, sent, gateway, linode } = await write(mutation, { tags });
    expect(userErrors).toEqual([]);
    expect(image?.tags).toEqual([...tags].sort());
    expect(sent[0]?.['tags']).toEqual(tags);
    // Read your writes.
    const found = await gateway.ask<{ imageTags: { label: string }[] }>(TAGS, ALICE);
    const labels = found.data.imageTags.map(({ label }) => label);
    expect(labels.includes('a') && labels.includes('b')).toBe(tags.length > 0);
    expect(linode.requests).toHaveLength(2);
  });

  it('stay where they are absent', async () => {
    const { image, sent } = await write('updateImage(input: { id: "private/23849731", label: "x" })');
    expect(image?.tags).toEqual(['prod', 'web']);
    expect(sent).toEqual([{ label: 'x' }]);
  });

  it('must not be null in an update, and count as absent in the others', async () => {
    const update = await write('updateImage(input: { id: "private/23849731", tags: null })');
    expect(update).toMatchObject({
      image: null,
      userErrors: [{ code: 'INVALID', field: ['input', 'tags'] }],
      sent: [],
    });
    const { sent } = await write(
      'initiateImageUpload(input: { label: "up", region: "us-east", tags: null })',
    );
    expect(sent).toEqual([{ label: 'up', region: 'us-east' }]);
  });

  it('are INVALID before any call where they cannot be stored, with their places', async () => {
    const { image, userErrors, sent } = await write(
      'updateImage(input: { id: "private/23849731", tags: $tags })',
      {
        tags: ['good', 'a\0', '\ud800', '\u{1f600}'],
      },
    );
    expect(image).toBeNull();
    expect(userErrors).toEqual(['1', '2'].map((i) => ({ code: 'INVALID', field: ['input', 'tags', i] })));
    expect(sent).toEqual([]);
  });

  it.each([
    ['tags', ['input', 'tags']],
    ['tags[1]', ['input', 'tags', '1']],
    ['tags.1', ['input', 'tags', '1']],
    ['regions[0]', ['input', 'regions', '0']],
    ['label', ['input', 'label']],
    ['label.x', ['input', 'label']],
    ['images[0].label', null],
    ['[1]', null],
    ['constructor', null],
  ])('are found at fault by Linode’s %j', async (field, expected) => {
    const { gateway, linode } = await startStack({ sandbox: { api: 'latest' } });
    const reason = 'Length must be 3-50 characters';
    linode.fault({
      method: 'PUT',
      path: '/images/private%2F23849731',
      status: 400,
      body: { errors: [{ reason, field }] },
    });
    const { data } = await gateway.ask<Written>(
      'mutation { it: updateImage(input: { id: "private/23849731", tags: ["good", "x"] }) { image { tags } userErrors { code field message } } }',
      ALICE,
    );
    expect(data.it).toEqual({
      image: null,
      userErrors: [{ code: 'INVALID', field: expected, message: reason }],
    });
  });
});
