import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ImageOrder, ImageOrderField } from '../../../src/generated/schema.js';
import { imageOrderOf } from '../../../src/graphql/connections/imageOrder.js';
import { sortBy } from '../../../src/graphql/connections/order.js';
import { atDepth } from '../../support/depth.js';
import { startStack } from '../../support/stack.js';
import { anOrder, naivelyOrdered, someImages } from '../../support/naiveImages.js';
import { idsOf } from '../../support/walk.js';

describe('an order', () => {
  it('is the one that the contract words, ties and nulls included', () => {
    fc.assert(
      fc.property(someImages, anOrder, (images, orderBy) => {
        const { nodes } = sortBy(images, imageOrderOf(orderBy));
        expect(idsOf(nodes)).toEqual(idsOf(naivelyOrdered(images, orderBy)));
      }),
      { numRuns: atDepth(200, 1000) },
    );
  });

  it('does not depend on what came in first', () => {
    fc.assert(
      fc.property(someImages, anOrder, (images, orderBy) => {
        const order = imageOrderOf(orderBy);
        expect(idsOf(sortBy([...images].reverse(), order).nodes)).toEqual(idsOf(sortBy(images, order).nodes));
      }),
    );
  });

  it('counts a field once however often it is named', () => {
    const asc: ImageOrder = { field: 'LABEL', direction: 'ASC' };
    const desc: ImageOrder = { field: 'LABEL', direction: 'DESC' };
    const size: ImageOrder = { field: 'SIZE', direction: 'ASC' };
    expect(imageOrderOf([desc, size, asc, size]).signature).toBe(imageOrderOf([desc, size]).signature);
  });
});

interface Found {
  images: { nodes: { id: string; updated: string | null; vendor: string | null }[] };
}

describe('an order over HTTP', () => {
  const ask = async (orderBy: { field: ImageOrderField; direction?: string }[] | null) => {
    const { gateway } = await startStack();
    const { data, errors } = await gateway.ask<Found>(
      'query ($by: [ImageOrder!]) { images(first: 500, orderBy: $by) { nodes { id updated vendor } } }',
      { token: 'alice-full', variables: { by: orderBy } },
    );
    expect(errors).toEqual([]);
    return data.images.nodes;
  };

  it('counts numbers as numbers', async () => {
    const { linode, gateway } = await startStack({ sandbox: { seed: false } });
    linode.addAccount({
      tokens: [{ token: 't', username: 't', scopes: '*' }],
      images: [10, 9, 100, 23, 9_007_199_254_740_993n].map((n) => ({ id: `private/${n}` })),
    });
    const { data } = await gateway.ask<Found>('{ images(orderBy: [{ field: ID }]) { nodes { id } } }', {
      token: 't',
    });
    expect(data.images.nodes.map(({ id }) => id)).toEqual(
      [9, 10, 23, 100, '9007199254740993'].map((n) => `private/${n}`),
    );
  });

  it('puts the newest of the same second first where the newest come first', async () => {
    const { linode, gateway } = await startStack({ sandbox: { seed: false } });
    const created = '2024-05-20T12:00:00';
    linode.addAccount({
      tokens: [{ token: 't', username: 't', scopes: '*' }],
      images: [9, 100, 10].map((n) => ({ id: `private/${n}`, created })),
    });
    const numbersBy = async (orderBy: string): Promise<string[]> => {
      const { data } = await gateway.ask<Found>(`{ images(orderBy: ${orderBy}) { nodes { id } } }`, {
        token: 't',
      });
      return data.images.nodes.map(({ id }) => id.replace('private/', ''));
    };
    expect(await numbersBy('[{ field: CREATED, direction: DESC }]')).toEqual(['100', '10', '9']);
    expect(await numbersBy('[{ field: CREATED }]')).toEqual(['9', '10', '100']);
    expect(await numbersBy('[{ field: SIZE, direction: DESC }]')).toEqual(['9', '10', '100']);
    expect(await numbersBy('[{ field: SIZE }, { field: CREATED, direction: DESC }]')).toEqual([
      '100',
      '10',
      '9',
    ]);
  });

  it.each(['ASC', 'DESC'])('puts nulls last, %s', async (direction) => {
    const updated = (await ask([{ field: 'UPDATED', direction }])).map((image) => image.updated);
    expect(updated.slice(-2)).toEqual([null, null]);
    expect(updated.slice(0, -2)).not.toContain(null);
    const vendors = (await ask([{ field: 'VENDOR', direction }])).map((image) => image.vendor);
    expect(vendors.indexOf(null)).toBe(vendors.length - 8);
  });

  it('is Linode’s own for null and for an empty list', async () => {
    const own = await ask(null);
    expect(await ask([])).toEqual(own);
    expect(own[0]?.id).toBe('private/23849498');
    expect(own.at(-1)?.id).toBe('linode/ubuntu22.10');
  });
});
