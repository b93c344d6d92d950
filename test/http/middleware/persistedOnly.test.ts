import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  loadPersistedOperations,
  type PersistedOperations,
} from '../../../src/graphql/documents/persistedOperations.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { PACKAGE, startTestGateway, type TestGateway } from '../../support/gateway.js';

const QUERY = '{ images(first: 1) { totalCount } }';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let directory: string;
let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'persisted-'));
  linode = await startSandbox();
});
afterAll(async () => {
  await linode.close();
  rmSync(directory, { recursive: true });
});
afterEach(async () => {
  await gateway.close();
});

interface Sent {
  query?: string;
  hash?: string;
  variables?: object;
}
const body = ({ query, hash, variables }: Sent) => ({
  ...(query !== undefined && { query }),
  ...(variables && { variables }),
  ...(hash !== undefined && { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
});
const post = async (sent: Sent) => {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body(sent)),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
};
/** By the URL alone, as a CDN would key it. */
const get = async (sent: Sent, headers: Record<string, string> = {}) => {
  const search = new URLSearchParams(
    Object.entries(body(sent)).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  const response = await fetch(`${gateway.url}?${search}`, {
    headers: { 'apollo-require-preflight': '1', ...headers },
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
};
const NOT_FOUND = { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

describe('an automatic persisted query', () => {
  it('is unknown, then registered, then known by its hash, by POST and by GET', async () => {
    gateway = await startTestGateway({ linodeApiUrl: linode.url });
    const hash = sha256(QUERY);
    const miss = await post({ hash });
    expect([miss.status, miss.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(miss.body).toMatchObject(NOT_FOUND);
    expect((await post({ query: QUERY, hash })).body).toHaveProperty('data.images');
    expect((await post({ hash })).body).toHaveProperty('data.images');
    expect((await get({ hash })).body).toHaveProperty('data.images');
  });

  it('is not registered under the hash of another document', async () => {
    gateway = await startTestGateway({ linodeApiUrl: linode.url });
    const hash = sha256('{ __typename }');
    expect((await post({ query: QUERY, hash })).status).toBe(400);
    expect((await post({ hash })).body).toMatchObject(NOT_FOUND);
  });

  it('is not registered if it is refused', async () => {
    gateway = await startTestGateway({ linodeApiUrl: linode.url });
    const query = '{ nope }';
    await post({ query, hash: sha256(query) });
    expect((await post({ hash: sha256(query) })).body).toMatchObject(NOT_FOUND);
  });

  it('may be cached by a CDN without a token, and only by the browser with one', async () => {
    gateway = await startTestGateway({ linodeApiUrl: linode.url });
    const hash = sha256(QUERY);
    await post({ query: QUERY, hash });
    const anonymous = (await get({ hash })).headers;
    expect(anonymous.get('cache-control')).toMatch(
      /^public, max-age=60, stale-while-revalidate=60, stale-if-error=/,
    );
    expect(anonymous.get('vary')).toContain('Authorization');
    const alice = (await get({ hash }, { authorization: 'Bearer alice-full' })).headers;
    expect(alice.get('cache-control')).toMatch(/^private, max-age=5$/);
    const explained = (await get({ hash }, { 'x-explain': '1' })).headers;
    expect(explained.get('cache-control')).toBe('no-store');
  });
});

describe('the allow-list', () => {
  let operations: PersistedOperations;
  let manifest: [hash: string, document: string][];
  const documentOf = (name: string) => manifest.find(([, document]) => document.includes(name)) ?? ['', ''];

  beforeAll(async () => {
    const cli = join(PACKAGE, 'node_modules/@graphql-codegen/cli/cjs/bin.js');
    await promisify(execFile)(process.execPath, [cli, '--config', 'examples/persisted/codegen.yml'], {
      cwd: PACKAGE,
      env: { ...process.env, OUTPUT: `${directory}/generated/` },
    });
    const path = join(directory, 'generated/persisted-documents.json');
    operations = loadPersistedOperations(path);
    manifest = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>);
  });

  const start = async () => {
    gateway = await startTestGateway({
      linodeApiUrl: linode.url,
      protection: { persistedOperations: operations },
    });
  };

  it("executes what graphql-codegen's client preset wrote into its manifest, by hash and in full", async () => {
    await start();
    const [hash, query] = documentOf('ImageList');
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    const variables = { first: 2 };
    for (const sent of [{ hash }, { hash: hash.replace('sha256:', '') }, { query }]) {
      expect((await post({ ...sent, variables })).body).toHaveProperty('data.images.nodes');
      expect((await get({ ...sent, variables })).body).toHaveProperty('data.images.nodes');
    }
  });

  it('executes mutations of the manifest by POST, and none by GET', async () => {
    await start();
    const [hash] = documentOf('DeleteImage');
    const variables = { id: 'nonsense' };
    expect((await post({ hash, variables })).body).toHaveProperty('data.deleteImage.userErrors');
    expect((await get({ hash, variables })).status).toBe(405);
  });

  it('refuses all other documents unparsed, and registers none', async () => {
    await start();
    const refused = { errors: [{ extensions: { code: 'PERSISTED_OPERATION_REQUIRED' } }] };
    const [known] = documentOf('ImageList');
    for (const sent of [
      { query: QUERY },
      { query: `${documentOf('ImageList')[1]} ` },
      { query: '{ not GraphQL' },
      { query: QUERY, hash: sha256(QUERY) },
      { query: QUERY, hash: known },
    ]) {
      expect(await post(sent)).toMatchObject({ status: 400, body: refused });
      expect(await get(sent)).toMatchObject({ status: 400, body: refused });
    }
    expect((await post({ hash: sha256(QUERY) })).body).toMatchObject(NOT_FOUND);
  });

  it.each([
    ['no JSON', 'nonsense', /can't be read: it is not JSON$/],
    ['a list', '[]', /is no manifest: it must map hashes to documents, or be Apollo's manifest$/],
    ['a wrong hash', JSON.stringify({ [sha256('a')]: '{ b }' }), /is not the hash of its document$/],
    [
      'a map of other text',
      JSON.stringify({ [sha256('{')]: '{' }),
      /is no manifest: \w{64}: Syntax Error: .+$/,
    ],
    [
      "Apollo's manifest of other text",
      JSON.stringify({
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: 'a', body: '{' }],
      }),
      /is no manifest: a: Syntax Error: .+$/,
    ],
  ])('is not made of %s', (_, text, message) => {
    const path = join(directory, 'manifest.json');
    writeFileSync(path, text);
    expect(() => loadPersistedOperations(path)).toThrow(message);
  });

  it('is not loaded from a missing file', () => {
    expect(() => loadPersistedOperations('/nowhere.json')).toThrow("/nowhere.json can't be read: ENOENT");
  });

  it('accepts SHA-1 hashes, the default of the client preset', () => {
    const path = join(directory, 'sha1.json');
    writeFileSync(path, JSON.stringify({ [createHash('sha1').update('{ a }').digest('hex')]: '{ a }' }));
    expect(loadPersistedOperations(path).allows('{ a }')).toBe(true);
  });
});
