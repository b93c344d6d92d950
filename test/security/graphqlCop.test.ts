import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

/** The checks of graphql-cop 1.15, each asserting that it finds nothing, on a gateway as in production. */
let linode: Sandbox;
let production: TestGateway;
/** As in development: introspection and explanations on. */
let development: TestGateway;

beforeAll(async () => {
  linode = await startSandbox();
  production = await startTestGateway({ linodeApiUrl: linode.url, introspection: false, explain: false });
  development = await startTestGateway({ linodeApiUrl: linode.url });
});
afterAll(async () => {
  await Promise.all([production.close(), development.close()]);
  await linode.close();
});

interface Found {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
}

const send = async (url: string, init: RequestInit): Promise<Found | Found[]> =>
  (await (await fetch(url, init)).json()) as Found | Found[];
const cop = (query: string, gateway = production, variables = {}) =>
  send(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables, operationName: 'cop' }),
  }) as Promise<Found>;

const CIRCULAR =
  'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }';

describe('graphql-cop finds no', () => {
  it('alias overloading', async () => {
    const aliases = Array.from({ length: 101 }, (_, i) => `alias${i}:__typename`).join(' \n');
    const { data, errors } = await cop(`query cop { ${aliases} }`);
    expect(data?.['alias100']).toBeUndefined();
    expect(errors?.map(({ message }) => message)).toContain(
      'The limit of aliases is 50; this operation has 101',
    );
  });

  it('array-based query batching', async () => {
    const batch = Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }));
    const answer = await send(production.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    expect(Array.isArray(answer)).toBe(false);
  });

  it('directive overloading', async () => {
    const { errors = [] } = await cop(`query cop { __typename ${'@aa'.repeat(10)} }`);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(10);
  });

  it('field duplication', async () => {
    const { data } = await cop(`query cop { ${'__typename \n'.repeat(500)} }`);
    expect(data).toBeUndefined();
  });

  it.each(['production', 'development'])('circular introspection, in %s', async (mode) => {
    const { data } = await cop(CIRCULAR, mode === 'production' ? production : development);
    expect(data).toBeUndefined();
  });

  it('introspection', async () => {
    const { data } = await cop('query cop { __schema { types { name fields { name } } } }');
    expect(data).toBeUndefined();
    expect((await cop('query cop { __type(name: "Image") { name } }')).data).toBeUndefined();
  });

  it('hint at how introspection could be switched on', async () => {
    const { errors } = await cop('query cop { __schema { types { name } } }');
    expect(errors).toMatchObject([
      { message: 'Introspection is disabled', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  it('field suggestion for a variable', async () => {
    const query = 'query cop($f: ImageFilter) { images(filter: $f) { totalCount } }';
    const { errors } = await cop(query, production, { f: { labl: 1 } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
  });

  it.each(['query cop { __schema { directive } }', 'query cop { imag(id: "1") { id } }'])(
    'field suggestion for %s',
    async (query) => {
      expect(JSON.stringify(await cop(query))).not.toContain('Did you mean');
    },
  );

  it.each(['/graphql', '/', '/graphiql', '/playground', '/console', '/altair', '/v1/graphql'])(
    'GraphiQL or playground at %s',
    async (path) => {
      const response = await fetch(new URL(path, production.url), {
        headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
      });
      expect(response.headers.get('content-type')).toMatch(/json/);
      expect(await response.text()).not.toMatch(/graphiql|playground|apollographql|<html/i);
    },
  );

  it('query by a plain GET', async () => {
    const answer = await send(`${production.url}?query=query+cop+%7B__typename%7D`, { method: 'GET' });
    expect(answer).not.toHaveProperty('data');
  });

  it('mutation by GET', async () => {
    const answer = await send(`${production.url}?query=mutation+cop+%7B__typename%7D`, { method: 'GET' });
    expect(answer).not.toHaveProperty('data');
  });

  it('query by a form, which any page could post', async () => {
    const answer = await send(production.url, {
      method: 'POST',
      body: new URLSearchParams({ query: 'query cop { __typename }' }),
    });
    expect(answer).not.toHaveProperty('data');
  });

  it('tracing', async () => {
    const answer = await cop('query cop { __typename }');
    expect(answer.data).toEqual({ __typename: 'Query' });
    expect(answer.extensions).toBeUndefined();
  });

  it('unhandled error', async () => {
    const { errors = [] } = await cop('qwerty cop { abc }');
    expect(errors).toHaveLength(1);
    expect(Object.keys(errors[0]?.extensions ?? {}).sort()).toEqual(['code', 'requestId']);
  });
});
