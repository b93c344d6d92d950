import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadPersistedOperations } from '../../../src/graphql/documents/persistedOperations.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';

const QUERY = 'query Count($first: Int) { images(first: $first) { totalCount } }';
const DATA = { data: { images: { totalCount: 39 } } };
const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const sha256 = digest('sha256', QUERY);

let linode: Sandbox;
let gateway: TestGateway;
afterEach(async () => {
  await gateway.close();
  await linode.close();
});

async function start(protection: TestGatewayOptions['protection'] = {}): Promise<void> {
  linode = await startSandbox();
  gateway = await startTestGateway({ linodeApiUrl: linode.url, protection });
}

/** Starts a gateway that accepts the operations of this manifest only. */
async function startWith(manifest: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(manifest));
  await start({ persistedOperations: loadPersistedOperations(path) });
  rmSync(folder, { recursive: true });
}

async function post(body: object): Promise<unknown> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function get(parameters: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${gateway.url}?${new URLSearchParams(parameters)}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  return response.json();
}

/** Sends the ID by this name, by POST and by GET. */
async function expectData(name: string, id: string): Promise<void> {
  expect(await post({ [name]: id, variables: { first: 1 } })).toEqual(DATA);
  expect(await get({ [name]: id, variables: '{"first":1}' })).toEqual(DATA);
}

const NOT_FOUND = { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

describe.each(['documentId', 'doc_id', 'id'])('a persisted document named by %s', (name) => {
  it.each([
    ['a map by SHA-256, with the name of the hash', { [`sha256:${sha256}`]: QUERY }, sha256],
    ['a map by MD5, as relay-compiler writes it', { [digest('md5', QUERY)]: QUERY }, digest('md5', QUERY)],
    [
      "Apollo's manifest",
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: 'count-1', name: 'Count', type: 'query', body: QUERY }],
      },
      'count-1',
    ],
  ])('is found in %s', async (_, manifest, id) => {
    await startWith(manifest);
    await expectData(name, id);
    expect(await post({ [name]: 'unknown' })).toMatchObject(NOT_FOUND);
    expect(await get({ [name]: 'unknown' })).toMatchObject(NOT_FOUND);
  });

  it('is found with the prefix of the working draft', async () => {
    await startWith({ [sha256]: QUERY });
    await expectData(name, `sha256:${sha256}`);
  });

  it('is found where a client registered it by its hash', async () => {
    await start();
    expect(await post({ [name]: sha256 })).toMatchObject(NOT_FOUND);
    await post({ query: QUERY, extensions: { persistedQuery: { version: 1, sha256Hash: sha256 } } });
    await expectData(name, sha256);
  });

  it.each([17, null, '', { a: 1 }, ['x']])('is no document when it is %j', async (id) => {
    await start();
    expect(await post({ [name]: id })).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });
});

describe('a request that says both', () => {
  it('is answered by its query, and by the extension', async () => {
    await start();
    expect(await post({ query: '{ __typename }', documentId: 'unknown' })).toEqual({
      data: { __typename: 'Query' },
    });
    expect(await get({ query: '{ __typename }', documentId: 'unknown' })).toEqual({
      data: { __typename: 'Query' },
    });
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256 } };
    await post({ query: QUERY, extensions });
    expect(await post({ extensions, id: 'unknown', variables: { first: 1 } })).toEqual(DATA);
  });

  it('does not pass the allow-list by a query that is not in it', async () => {
    await startWith({ [sha256]: QUERY });
    expect(await post({ query: '{ __typename }', documentId: sha256 })).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_OPERATION_REQUIRED' } }],
    });
  });
});
