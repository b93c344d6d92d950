import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox();
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

interface Body {
  data?: unknown;
  errors?: { message: string }[];
}
const get = async (search: string): Promise<[number, Body]> => {
  const response = await fetch(`${gateway.url}?${search}`, { headers: { 'apollo-require-preflight': '1' } });
  return [response.status, (await response.json()) as Body];
};
const post = async (body: object): Promise<[number, Body]> => {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return [response.status, (await response.json()) as Body];
};

const QUERY = 'query={__typename}';
const NAMED = `query=${encodeURIComponent('query A { __typename } query B { a: __typename }')}`;
const OK = { data: { __typename: 'Query' } };

describe('a parameter of a GET', () => {
  it.each([
    `${QUERY}&operationName=`,
    `${QUERY}&operationName`,
    `${QUERY}&variables=`,
    `${QUERY}&variables`,
    `${QUERY}&variables=null`,
    `${QUERY}&extensions=`,
    `${QUERY}&extensions=null`,
    `${QUERY}&operationName=&variables=&extensions=`,
    `operationName=&variables=&extensions=&${QUERY}`,
    `variables=&${QUERY}&extensions=`,
    `${QUERY}&variables=&variables={}`,
    `${QUERY}&variables={}&extensions={}&operationName=`,
  ])('that is empty is absent: %s', async (search) => {
    expect(await get(search)).toEqual([200, OK]);
  });

  it.each([
    [`${QUERY}&variables={`, 'The variables search parameter contains invalid JSON.'],
    [`${QUERY}&variables=[]`, 'The variables search parameter should contain a JSON-encoded object.'],
    [`${QUERY}&variables=nullx`, 'The variables search parameter contains invalid JSON.'],
    [`${QUERY}&extensions=0`, 'The extensions search parameter should contain a JSON-encoded object.'],
    ['query=', 'GraphQL operations must contain a non-empty `query` or a `persistedQuery` extension.'],
  ])('that is something else is read: %s', async (search, message) => {
    const [status, { errors }] = await get(search);
    expect([status, errors?.[0]?.message]).toEqual([400, message]);
  });

  it('that names an operation selects it', async () => {
    expect(await get(`${NAMED}&operationName=B`)).toEqual([200, { data: { a: 'Query' } }]);
    const [, { errors }] = await get(`${NAMED}&operationName=`);
    expect(errors?.[0]?.message).toContain('operation name');
  });

  it('keeps names that begin like one of these', async () => {
    const query = encodeURIComponent('query($v: Int) { images(first: $v) { totalCount } }');
    const [, { errors }] = await get(
      `query=${query}&variables=${encodeURIComponent('{"v":-1}')}&variablesx=`,
    );
    expect(errors?.[0]?.message).toContain('first');
  });

  it.each(['%ff', '%c0%af', '%ed%a0%80', 'caf%e9', '%e2%82', 'a%80b'])(
    'is UTF-8, or refused: %s',
    async (text) => {
      const [status, { errors }] = await get(`query={__typename}&operationName=${text}`);
      expect([status, errors?.[0]?.message]).toEqual([400, 'The URL is not valid UTF-8']);
    },
  );

  it.each(['100%', '%zz', '%e2%82%ac', '%F0%9F%98%80', '%20%25', 'a+b'])('is UTF-8: %s', async (text) => {
    const filter = `{images(filter:{label:{contains:"${text}"}}){totalCount}}`.replaceAll('"', '%22');
    expect(await get(`query=${filter}`)).toEqual([200, { data: { images: { totalCount: 0 } } }]);
  });
});

describe('a parameter of a POST', () => {
  const query = '{ __typename }';
  it.each([
    { query, operationName: '' },
    { query, operationName: null },
    { query, operationName: '', variables: null, extensions: null },
    { query, operationName: '', variables: {}, extensions: {} },
  ])('that is empty is absent: %j', async (body) => {
    expect(await post(body)).toEqual([200, OK]);
  });

  it('is not one that has a value', async () => {
    const documents = 'query A { __typename } query B { a: __typename }';
    expect(await post({ query: documents, operationName: 'A' })).toEqual([200, OK]);
    const [, { errors }] = await post({ query: documents, operationName: '' });
    expect(errors?.[0]?.message).toContain('operation name');
    const [status] = await post({ query, operationName: 'C' });
    expect(status).toBe(400);
  });
});
