import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/readConfig.js';
import { LIST, startStack } from '../../support/stack.js';
import type { TestGatewayOptions } from '../../support/gateway.js';

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Image { id label }
    ... on Region { slug }
    ... on Linode { linodeId }
  }
}`;

interface Entities {
  _entities: ({ __typename: string; id?: string; label?: string } | null)[];
}

const LIMITS = readConfig({}).queryLimits;

const start = (options: Partial<TestGatewayOptions> = {}) =>
  startStack({ gateway: { federation: true, ...options } });

const ofImages = (ids: readonly string[]) => ids.map((id) => ({ __typename: 'Image', id }));

describe('_entities', () => {
  it('resolves objects of all types by their IDs, in order', async () => {
    const { gateway } = await start();
    const representations = [
      { __typename: 'Region', id: 'regions/us-east' },
      { __typename: 'Image', id: 'linode/debian12', anything: ['else'] },
      { __typename: 'Image', id: 'private/999999' },
      { __typename: 'Image', id: 'private/23849498' },
    ];
    const { data, errors } = await gateway.ask<Entities>(ENTITIES, {
      token: 'alice-full',
      variables: { representations },
    });
    expect(errors).toEqual([]);
    expect(data._entities).toMatchObject([
      { __typename: 'Region', slug: 'us-east' },
      { __typename: 'Image', id: 'linode/debian12' },
      null,
      { __typename: 'Image', id: 'private/23849498' },
    ]);
  });

  it('resolves n images by one list', async () => {
    const { linode, gateway } = await start();
    const ids = linode.images('alice-full').map(({ id }) => id);
    const { data } = await gateway.ask<Entities>(ENTITIES, {
      token: 'alice-full',
      variables: { representations: ofImages(ids) },
    });
    expect(data._entities.map((entity) => entity?.id)).toEqual(ids);
    expect(linode.count(LIST)).toBe(1);
    expect(linode.requests).toHaveLength(1);
  });

  it('answers null without a call for the ID of another type, and of another caller', async () => {
    const { linode, gateway } = await start();
    const ask = (representations: object[], token: string) =>
      gateway.ask<Entities>(ENTITIES, { token, variables: { representations } });
    const foreign = [
      { __typename: 'Linode', id: 'private/23849498' },
      { __typename: 'Image', id: 'linodes/1' },
      { __typename: 'Region', id: 'users/alice' },
      { __typename: 'Image', id: 'no image' },
    ];
    expect((await ask(foreign, 'alice-full')).data._entities).toEqual([null, null, null, null]);
    expect(linode.requests).toEqual([]);
    const { data, errors } = await ask(ofImages(['private/23849498']), 'bob-full');
    expect([data._entities, errors]).toEqual([[null], []]);
  });

  it.each([
    ['no entity', { __typename: 'PageInfo', id: 'x' }],
    ['no type', { id: 'linode/debian12' }],
    ['no string', { __typename: 'Image', id: 1 }],
    ['no object', 'linode/debian12'],
    ['a name of Object.prototype', { __typename: 'constructor', id: 'x' }],
  ])('is null with an error for a representation that is %s, and whole for the others', async (_, wrong) => {
    const { gateway } = await start();
    const { data, errors } = await gateway.ask<Entities>(ENTITIES, {
      token: 'alice-full',
      variables: { representations: [wrong, { __typename: 'Image', id: 'linode/debian12' }] },
    });
    expect(data._entities).toMatchObject([null, { id: 'linode/debian12' }]);
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('refuses 20,000 representations, as a variable or in the document, without a call', async () => {
    const { linode, gateway } = await start();
    const many = ofImages(Array.from({ length: 20_000 }, (_, i) => `private/${i + 1}`));
    const byVariable = await gateway.ask(ENTITIES, {
      token: 'alice-full',
      variables: { representations: many },
    });
    expect(byVariable.errors).not.toEqual([]);
    const some = many.slice(0, 501);
    const { data, errors } = await gateway.ask(ENTITIES, {
      token: 'alice-full',
      variables: { representations: some },
    });
    expect(data).toBeNull();
    expect(errors[0]?.message).toBe('"representations" must hold at most 500 entities, not 501');
    for (const [count, code] of [
      [1000, 'GRAPHQL_PARSE_FAILED'],
      [20_000, 'BAD_REQUEST'],
    ] as const) {
      const literal = many.slice(0, count).map(({ id }) => `{__typename: "Image", id: "${id}"}`);
      const query = `{ a: _entities(representations: [${literal.join()}]) { __typename } }`;
      const { errors: refused } = await gateway.ask(query, { token: 'alice-full' });
      expect(refused[0]?.extensions['code']).toBe(code);
    }
    expect(linode.requests).toEqual([]);
  });

  it('counts representations as objects, in each alias', async () => {
    const { linode, gateway } = await start({
      protection: { queryLimits: { ...LIMITS, maxCost: 1000 } },
    });
    const aliases = ['a', 'b', 'c']
      .map((alias) => `${alias}: _entities(representations: $representations) { ... on Image { id } }`)
      .join(' ');
    const { errors } = await gateway.ask(`query ($representations: [_Any!]!) { ${aliases} }`, {
      token: 'alice-full',
      variables: { representations: ofImages(Array(400).fill('linode/debian12')) },
    });
    expect(errors[0]?.extensions).toMatchObject({ limit: 'cost', found: 1200 });
    expect(linode.requests).toEqual([]);
  });

  it('needs no introspection', async () => {
    const { gateway } = await start({ introspection: false });
    const { data, errors } = await gateway.ask<Entities>(ENTITIES, {
      token: 'alice-full',
      variables: { representations: ofImages(['linode/debian12']) },
    });
    expect([data._entities[0]?.id, errors]).toEqual(['linode/debian12', []]);
  });
});

describe('_service', () => {
  it('has the SDL while introspection is on, and is refused while it is off', async () => {
    const { gateway } = await start();
    const { data } = await gateway.ask<{ _service: { sdl: string } }>('{ _service { sdl } }');
    expect(data._service.sdl).toContain('@link(url: "https://specs.apollo.dev/federation/');
    const { gateway: closed } = await start({ introspection: false });
    for (const query of ['{ _service { sdl } }', '{ ...F } fragment F on Query { s: _service { sdl } }']) {
      const { errors, body } = await closed.ask(query);
      expect(errors[0]?.message).toBe('Introspection is disabled');
      expect(body).not.toContain('type Image');
    }
  });

  it('is there with FEDERATION=true only', async () => {
    const { gateway } = await startStack();
    const { errors } = await gateway.ask('{ _service { sdl } }');
    expect(errors[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('asks for no trace of Apollo', async () => {
    const { gateway } = await start();
    const { extensions } = await gateway.ask('{ __typename }', {
      headers: { 'apollo-federation-include-trace': 'ftv1' },
    });
    expect(extensions).toBeUndefined();
  });
});
