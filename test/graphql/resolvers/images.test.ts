import { describe, expect, it } from '@jest/globals';
import { startStack, LIST, VIEW } from '../../support/stack.js';
import { expectedImage, IMAGE_FIELDS } from '../../support/imageFields.js';

interface Page {
  images: { totalCount: number; nodes: { id: string }[] };
}

describe('image', () => {
  it('reads each image once for 20 aliases with repeats', async () => {
    const { linode, gateway } = await startStack();
    const ids = ['private/23849731', 'linode/debian12', 'private/23851696', 'private/404', 'linode/arch'];
    const aliases = Array.from({ length: 20 }, (_, i) => `a${i}: image(id: "${ids[i % 5]}") { id }`);
    const { data, errors } = await gateway.ask<Record<string, { id: string } | null>>(
      `{ ${aliases.join(' ')} }`,
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    for (let i = 0; i < 20; i++) {
      const id = ids[i % 5] ?? '';
      expect(data[`a${i}`]).toEqual(id === 'private/404' ? null : { id });
    }
    expect(linode.requests.map(({ line }) => line).sort()).toEqual([
      'GET /images/linode%2Farch',
      'GET /images/linode%2Fdebian12',
      'GET /images/private%2F23849731',
      'GET /images/private%2F23851696',
      'GET /images/private%2F404',
    ]);
  });

  it('tells every field as the list does', async () => {
    const { linode, gateway } = await startStack();
    for (const image of linode.images('alice-full').slice(0, 12)) {
      const { data, errors } = await gateway.ask(`query ($id: ID!) { image(id: $id) { ${IMAGE_FIELDS} } }`, {
        token: 'alice-full',
        variables: { id: image.id },
      });
      expect(errors).toEqual([]);
      const told = expectedImage(image);
      expect(data).toEqual({ image: { ...told, createdBy: told['createdBy'] || null } });
    }
    expect(linode.count(VIEW)).toBe(12);
  });
});

describe('images', () => {
  it('lists once however often one operation asks', async () => {
    const { linode, gateway } = await startStack();
    const { data, errors } = await gateway.ask<Record<string, { totalCount: number }>>(
      `{
        a: images { totalCount }
        b: images(first: 1) { totalCount }
        c: images(filter: { isPublic: true }) { totalCount }
        d: images(last: 3, orderBy: [{ field: SIZE }]) { totalCount }
        e: images(offset: 7) { totalCount }
      }`,
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(Object.values(data).map(({ totalCount }) => totalCount)).toEqual([47, 47, 39, 47, 47]);
    expect(linode.requests.map(({ line }) => line)).toEqual(['GET /images?page=1&page_size=500']);
  });

  it('asks for nothing where the page is not acceptable', async () => {
    const { linode, gateway } = await startStack();
    const { errors } = await gateway.ask('{ images(first: 501) { totalCount } }', { token: 'alice-full' });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
    expect(linode.requests).toEqual([]);
  });

  it('keeps Linode’s own order where none is asked for', async () => {
    const { linode, gateway } = await startStack();
    const { data } = await gateway.ask<Page>('{ images(first: 500) { nodes { id } } }', {
      token: 'alice-full',
    });
    const { totalCount, ids } = { totalCount: linode.images('alice-full').length, ids: data.images.nodes };
    expect(ids).toHaveLength(totalCount);
    expect(ids.map(({ id }) => id)).toEqual(linode.images('alice-full').map(({ id }) => id));
  });

  it('reads a collection of several pages whole', async () => {
    const { linode, gateway } = await startStack({ sandbox: { seed: false } });
    linode.addAccount({ tokens: [{ token: 'many', username: 'm', scopes: '*' }], images: 1234 });
    const ask = (args: string) =>
      gateway.ask<Page>(`{ images(${args}) { totalCount nodes { id } } }`, { token: 'many' });
    const pages = [await ask('first: 500'), await ask('first: 500, offset: 500'), await ask('last: 234')];
    const seen = pages.flatMap(({ data }) => data.images.nodes.map(({ id }) => id));
    expect(seen).toEqual(linode.images('many').map(({ id }) => id));
    expect(pages.map(({ data }) => data.images.totalCount)).toEqual([1234, 1234, 1234]);
    expect(linode.count(LIST)).toBe(3);
  });

  it.each([
    ['mirrored', 'thawing'],
    ['constructor', 'toString'],
    ['__proto__', '__proto__'],
    ['', ''],
  ])('gives words that Linode adds tomorrow as UNKNOWN, and the page with them: %s', async (type, status) => {
    const { linode, gateway } = await startStack();
    linode.putImage('alice-full', { id: 'private/23849731', type, status });
    const { data, errors } = await gateway.ask<{ images: { totalCount: number; nodes: unknown[] } }>(
      '{ images(filter: { type: [UNKNOWN], status: [UNKNOWN] }) { totalCount nodes { id type status } } }',
      { token: 'alice-full' },
    );
    expect(errors).toEqual([]);
    expect(data.images.nodes).toEqual([{ id: 'private/23849731', type: 'UNKNOWN', status: 'UNKNOWN' }]);
  });
});
