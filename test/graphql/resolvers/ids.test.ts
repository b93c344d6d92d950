import { describe, expect, it } from '@jest/globals';
import { startStack } from '../../support/stack.js';

const REFUSED: [string, string][] = [
  ['a way up', '../account'],
  ['a way up behind a kind', 'linode/../../account'],
  ['a way up, encoded', 'linode/%2e%2e/account'],
  ['a query', 'private/1?page=2'],
  ['a fragment', 'private/1#x'],
  ['a second segment', 'private/1/regions'],
  ['leading zeros', 'private/007'],
  ['the number zero', 'private/0'],
  ['a sign', 'private/-1'],
  ['an exponent', 'private/1e3'],
  ['more digits than any number has', `private/${'9'.repeat(20)}`],
  ['10 kB', `linode/${'x'.repeat(10_000)}`],
  ['10 kB of digits', `private/${'1'.repeat(10_000)}`],
  ['a line break', 'private/1\r\nX-Filter: {}'],
  ['a trailing line feed', 'private/1\n'],
  ['a null byte', 'linode/debian12\u0000'],
  ['a delete character', 'linode/debian\u007f12'],
  ['letters beyond ASCII', 'linode/débian12'],
  ['digits beyond ASCII', 'private/１２'],
  ['half a surrogate pair', 'linode/\ud800'],
  ['a space', 'private/1 '],
  ['a backslash', 'private\\1'],
  ['another kind', 'upload/1'],
  ['the word upload', 'upload'],
  ['capitals', 'Private/1'],
  ['an encoded slash', 'linode%2Fdebian12'],
  ['a doubly encoded slash', 'private%252F1'],
  ['a space in the kind', 'linode /debian12'],
  ['a space before the name', 'linode/ debian12'],
  ['capitals all over', 'LINODE/DEBIAN12'],
  ['the number of no image', '0'],
  ['a number with leading zeros', '023849731'],
  ['a number with a sign', '+23849731'],
  ['a number with a space', ' 23849731'],
  ['a number with a fraction', '1.0'],
  ['more digits than a number may have', '9'.repeat(20)],
  ['a slug alone', 'debian12'],
  ['no name', 'linode/'],
  ['a name that is a dot', 'linode/.'],
  ['a name that is two dots', 'linode/..'],
  ['a name that begins with a dot', 'linode/.ssh'],
  ['nothing', ''],
];

/** What is said of an ID that can't be one. */
const IS_LIKE =
  'An image ID looks like "linode/debian12", "private/123" or "shared/123"; the number alone means a private image';

const QUERY = `query ($id: ID!) { image(id: $id) { id } node(id: $id) { id } nodes(ids: [$id, $id]) { id } }`;
const MUTATION = `mutation ($id: ID!) {
  updateImage(input: { id: $id, label: "x" }) { image { id } userErrors { code field message } }
  deleteImage(input: { id: $id }) { deletedImageId userErrors { code field message } }
}`;

describe('an id that can’t be one', () => {
  it.each(REFUSED)('is null to every query without a call: %s', async (_, id) => {
    const { linode, gateway } = await startStack();
    const { data, errors } = await gateway.ask(QUERY, { token: 'alice-full', variables: { id } });
    expect(data).toEqual({ image: null, node: null, nodes: [null, null] });
    expect(errors).toMatchObject([
      {
        path: ['image'],
        message: `"id" is not an image ID. ${IS_LIKE}`,
        extensions: { code: 'BAD_USER_INPUT', argument: 'id' },
      },
    ]);
    expect(linode.requests).toEqual([]);
  });

  it.each([
    ['images(filter: { id: [$id] }) { totalCount }', 'filter.id'],
    ['images(filter: { or: [{ not: { id: ["private/1", $id] } }] }) { totalCount }', 'filter.id'],
    ['linodes(filter: { imageId: [$id] }) { totalCount }', 'filter.imageId'],
  ])('is BAD_USER_INPUT in a filter: %s', async (field, argument) => {
    const { gateway } = await startStack();
    for (const [, id] of REFUSED) {
      const { errors } = await gateway.ask(`query ($id: ID!) { found: ${field} }`, {
        token: 'alice-full',
        variables: { id },
      });
      expect(errors).toMatchObject([{ path: ['found'], extensions: { code: 'BAD_USER_INPUT', argument } }]);
    }
  });

  it.each(REFUSED)('is INVALID to every mutation without a call: %s', async (_, id) => {
    const { linode, gateway } = await startStack();
    const { data, errors } = await gateway.ask(MUTATION, { token: 'alice-full', variables: { id } });
    const message = `This is not an image ID. ${IS_LIKE}`;
    const userErrors = [{ code: 'INVALID', field: ['input', 'id'], message }];
    expect(errors).toEqual([]);
    expect(data).toEqual({
      updateImage: { image: null, userErrors },
      deleteImage: { deletedImageId: null, userErrors },
    });
    expect(linode.requests).toEqual([]);
  });

  it.each(['0', '-1', '1.5', '007', '1e3', '0x10', '../1', '9007199254740993', 'linodes/1/disks/x', 'disk'])(
    'is INVALID where a disk is meant: %s',
    async (diskId) => {
      const { linode, gateway } = await startStack();
      const { data } = await gateway.ask(
        'mutation ($id: ID!) { createImage(input: { diskId: $id }) { image { id } userErrors { code field } } }',
        { token: 'alice-full', variables: { id: diskId } },
      );
      const userErrors = [{ code: 'INVALID', field: ['input', 'diskId'] }];
      expect(data).toEqual({ createImage: { image: null, userErrors } });
      expect(linode.requests).toEqual([]);
    },
  );
});

describe('the number alone', () => {
  it('means a private image in queries, filters and mutations, but not as a global ID', async () => {
    const { linode, gateway } = await startStack();
    const ask = (query: string) => gateway.ask(query, { token: 'alice-full' });
    const image = { id: 'private/23849731' };
    expect((await ask('{ image(id: "23849731") { id } }')).data).toEqual({ image });
    expect((await ask('{ image(id: 23849731) { id } }')).data).toEqual({ image });
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /images/private%2F23849731']);
    expect((await ask('{ node(id: "23849731") { id } nodes(ids: [23849731]) { id } }')).data).toEqual({
      node: null,
      nodes: [null],
    });
    const filters = `{
      images(filter: { id: [23849731, "23912044", "private/1"] }) { nodes { id } }
      linodes(filter: { imageId: ["23849731"] }) { nodes { imageId } }
    }`;
    expect((await ask(filters)).data).toEqual({
      images: { nodes: [image, { id: 'private/23912044' }] },
      linodes: { nodes: [{ imageId: image.id }, { imageId: image.id }] },
    });
    linode.clearRequests();
    const { data } = await ask(`mutation {
      updateImage(input: { id: "23849731", label: "golden" }) { image { id label } userErrors { code } }
      deleteImage(input: { id: 23849731 }) { deletedImageId userErrors { code } }
    }`);
    expect(data).toEqual({
      updateImage: { image: { ...image, label: 'golden' }, userErrors: [] },
      deleteImage: { deletedImageId: 'private/23849731', userErrors: [] },
    });
    expect(linode.requests.map(({ line }) => line)).toEqual([
      'PUT /images/private%2F23849731',
      'DELETE /images/private%2F23849731',
    ]);
  });

  it('of no image is null, without an error', async () => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask('{ image(id: "1") { id } }', { token: 'alice-full' });
    expect({ data, errors }).toEqual({ data: { image: null }, errors: [] });
  });
});

describe('an id that can be one', () => {
  it.each([
    ['private/23849731', 'private%2F23849731'],
    ['private/9999999999999999999', 'private%2F9999999999999999999'],
    ['shared/12', 'shared%2F12'],
    ['linode/debian11-kube-v1.26.12', 'linode%2Fdebian11-kube-v1.26.12'],
    ['linode/alpine3.19', 'linode%2Falpine3.19'],
  ])('travels with its slash encoded: %s', async (id, onTheWire) => {
    const { linode, gateway } = await startStack();
    await gateway.ask(QUERY, { token: 'alice-full', variables: { id } });
    await gateway.ask(MUTATION, { token: 'alice-full', variables: { id } });
    expect(linode.requests.map(({ line }) => line)).toEqual([
      `GET /images/${onTheWire}`,
      `PUT /images/${onTheWire}`,
      `DELETE /images/${onTheWire}`,
    ]);
  });
});
