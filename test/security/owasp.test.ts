import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

/** The items of OWASP's GraphQL cheat sheet that no other test is named for. */
let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox({ rateLimits: false });
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
});
beforeEach(() => {
  linode.clearRequests();
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

describe('injection', () => {
  it.each([
    '../account',
    'private/../../account',
    'private/1/../../account',
    'private%2F1',
    'private/1%2f..',
    'private/1?page=2',
    'private/1#x',
    'private/1\r\nX-Evil: 1',
    'private/1\u0000',
    'private/１',
    'linode/debian12/../../account',
    'linode/..',
    'linode/\u{1F600}',
    '__proto__',
    'constructor',
  ])('by the ID %j reaches no object: it is no image, and no call is made', async (id) => {
    const query = 'query($id: ID!) { image(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }';
    const { data } = await gateway.ask(query, { token: 'alice-full', variables: { id } });
    expect(data).toEqual({ image: null, node: null, nodes: [null] });
    const write = 'mutation($id: ID!) { deleteImage(input: { id: $id }) { userErrors { code } } }';
    const { data: written } = await gateway.ask(write, { token: 'alice-full', variables: { id } });
    expect(written).toEqual({ deleteImage: { userErrors: [{ code: 'INVALID' }] } });
    expect(linode.requests).toEqual([]);
  });

  it('by a filter is a text like any other, and never leaves the gateway', async () => {
    const contains = '"},{"label":{"+neq":""}}\r\nX-Evil: 1';
    const query =
      'query($contains: String) { images(filter: { label: { contains: $contains } }) { totalCount } }';
    const { data } = await gateway.ask(query, { token: 'alice-full', variables: { contains } });
    expect(data).toEqual({ images: { totalCount: 0 } });
    expect(linode.requests.filter(({ headers }) => headers['x-filter'] !== undefined)).toEqual([]);
  });

  it.each([
    'Bearer a\tb',
    'Bearer a b',
    'Bearer é',
    'Basic YWxpY2U6eA==',
    'Bearer',
    'Bearer a,b',
    'Bearer '.padEnd(5000, 'x'),
  ])('by the Authorization header %j is refused unsent, and not quoted', async (authorization) => {
    const response = await post('{"query":"{ images { totalCount } }"}', { authorization });
    expect(response.status).toBe(401);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    if (authorization.length > 8) expect(text).not.toContain(authorization.slice(7));
    expect(linode.requests).toEqual([]);
  });

  it('by the keys of prototypes changes nothing', async () => {
    const response = await post(
      '{"query":"query($id: ID!) { image(id: $id) { id } }","variables":{"id":"linode/nope","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}},"__proto__":{"polluted":true}}',
    );
    expect(await response.json()).toEqual({ data: { image: null } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('headers', () => {
  it('reach Linode from an allow-list only: nothing of the client but its token', async () => {
    await gateway.ask('{ images { totalCount } }', {
      token: 'alice-read',
      headers: {
        cookie: 'session=1',
        'x-forwarded-for': '203.0.113.1',
        'x-forwarded-host': 'evil.example',
        forwarded: 'for=203.0.113.1',
        'x-filter': '{"label":"x"}',
        'x-evil': '1',
        origin: 'https://evil.example',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
    });
    expect(linode.requests).toHaveLength(1);
    expect(Object.keys(linode.requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'authorization',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  it('hold the only place a token is taken from', async () => {
    const url = `${gateway.url}?access_token=alice-full&token=alice-full`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'token=alice-full' },
      body: '{"query":"{ image(id: \\"private/1\\") { id } }","token":"alice-full","authorization":"Bearer alice-full"}',
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(linode.requests).toEqual([]);
  });
});

describe('authorization', () => {
  it("answers another caller's private ID as one that does not exist, on every way to it", async () => {
    const [own] = linode.images('alice-full').filter(({ is_public }) => !is_public);
    const ids = { theirs: own?.id, missing: 'private/999999999' };
    const query = 'query($id: ID!) { image(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }';
    // Alice has it in her catalog by now.
    await gateway.ask('{ images { nodes { id } } }', { token: 'alice-full' });
    const [theirs, missing] = await Promise.all(
      [ids.theirs, ids.missing].map((id) => gateway.ask(query, { token: 'bob-full', variables: { id } })),
    );
    expect(theirs?.data).toEqual({ image: null, node: null, nodes: [null] });
    expect(theirs?.body).toBe(missing?.body);
  });

  it('lists nothing of one caller to another, nor to one without a token', async () => {
    const list = '{ images(first: 500, filter: { isPublic: false }) { nodes { id } } }';
    const answers = await Promise.all(
      ['alice-full', 'bob-full', null].map((token) =>
        gateway.ask<{ images: { nodes: { id: string }[] } }>(list, { token }),
      ),
    );
    const [alice = [], bob = [], anonymous = []] = answers.map(({ data }) =>
      data.images.nodes.map(({ id }) => id),
    );
    expect(alice.length).toBeGreaterThan(0);
    expect(bob.filter((id) => alice.includes(id))).toEqual([]);
    expect(anonymous).toEqual([]);
  });
});

describe('batching', () => {
  it('by aliases is one fetch', async () => {
    const aliases = Array.from({ length: 50 }, (_, i) => `a${i}: image(id: "linode/debian12") { id }`);
    await gateway.ask(`{ ${aliases.join(' ')} }`);
    expect(linode.requests.length).toBeLessThanOrEqual(1);
  });

  it('by several operations in a document runs the named one only', async () => {
    const query =
      'query A { __typename } mutation B { deleteImage(input: { id: "private/1" }) { deletedImageId } }';
    const response = await post(JSON.stringify({ query, operationName: 'A' }), {
      authorization: 'Bearer alice-full',
    });
    expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
    const nameless = await post(JSON.stringify({ query }), { authorization: 'Bearer alice-full' });
    expect(await nameless.json()).toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
    expect(linode.count(/^DELETE/)).toBe(0);
  });
});

describe('amounts', () => {
  it.each([-1, 501, 2_147_483_647])('%i images at once are refused', async (first) => {
    const { errors } = await gateway.ask('query($first: Int) { images(first: $first) { totalCount } }', {
      variables: { first },
    });
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('501 nodes at once are refused', async () => {
    const ids = Array.from({ length: 501 }, () => 'linode/debian12');
    const { errors } = await gateway.ask('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      variables: { ids },
    });
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('are paged by default: 50', async () => {
    const { data } = await gateway.ask<{ images: { nodes: unknown[] } }>('{ images { nodes { id } } }', {
      token: 'alice-full',
    });
    expect(data.images.nodes.length).toBeLessThanOrEqual(50);
  });
});

describe('server-side request forgery', () => {
  it('has no way in: an upload’s URL is returned, and never fetched', async () => {
    const { data } = await gateway.ask<{ initiateImageUpload: { uploadTo: string } }>(
      'mutation { initiateImageUpload(input: { label: "ssrf", region: "us-east" }) { uploadTo } }',
      { token: 'alice-full' },
    );
    expect(data.initiateImageUpload.uploadTo).toMatch(/^http/);
    expect(linode.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /images/upload']);
  });

  it('does not follow a redirect', async () => {
    const remove = linode.fault({
      path: '/images',
      status: 302,
      body: '',
      headers: { location: 'http://127.0.0.1:1/' },
      times: 1,
    });
    const { errors } = await gateway.ask('{ images { totalCount } }', { token: 'carol-restricted' });
    remove();
    expect(errors[0]?.extensions['code']).toBe('UPSTREAM_INVALID_RESPONSE');
  });
});
