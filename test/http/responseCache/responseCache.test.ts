import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { manualClock, type ManualClock } from '../../support/manualClock.js';
import { until } from '../../support/until.js';

/** One request as it travels, so that nothing is added to it. */
interface Raw {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

interface RawAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const ALICE = { ...JSON_TYPE, authorization: 'Bearer alice-full' };
const post = (query: string, headers: Record<string, string> = ALICE, variables?: object): Raw => ({
  method: 'POST',
  headers,
  body: JSON.stringify({ query, variables }),
});
const get = (query: string, headers: Record<string, string>): Raw => ({
  path: `/graphql?query=${encodeURIComponent(query)}`,
  headers,
});

const LIST = '{ images(first: 3) { totalCount nodes { id label } } }';

/** All that a policy may look at, varied; each is asked three times on either way. */
const REQUESTS: Record<string, Raw> = {
  'a list': post(LIST),
  'a list of another caller': post(LIST, { ...JSON_TYPE, authorization: 'Bearer bob-full' }),
  'a list without a token': post(LIST, JSON_TYPE),
  'a list with a bad token': post(LIST, { ...JSON_TYPE, authorization: 'Bearer nobody' }),
  'a malformed Authorization': post(LIST, { ...JSON_TYPE, authorization: 'Basic abc' }),
  'one image': post('{ image(id: "linode/debian12") { label eol } }'),
  'one image by variable': post('query One($id: ID!) { image(id: $id) { label } }', ALICE, {
    id: 'private/23849498',
  }),
  'aliases and fragments': post(
    'query A { a: image(id: "linode/debian12") { ...F } b: image(id: "linode/debian11") { ...F } } fragment F on Image { label }',
  ),
  'an image that does not exist': post('{ image(id: "private/999999") { label } }'),
  'a connected page': post('{ images(first: 5) { nodes { creator { username } linodes { totalCount } } } }'),
  'a forbidden edge': post('{ image(id: "private/23849498") { latestEvent { id } } }', {
    ...JSON_TYPE,
    authorization: 'Bearer alice-read',
  }),
  'every field': post(
    '{ images { edges { cursor node { id description created updated size type status } } pageInfo { hasNextPage endCursor } } }',
  ),
  introspection: post('{ __schema { queryType { name } } }'),
  'nothing but a type name': post('{ __typename }'),
  'another answer type': post(LIST, { ...ALICE, accept: 'application/graphql-response+json' }),
  'no acceptable type': post(LIST, { ...ALICE, accept: 'image/png' }),
  'an allowed origin': post(LIST, { ...ALICE, origin: 'https://app.example' }),
  'a strange origin': post(LIST, { ...ALICE, origin: 'https://evil.example' }),
  'no content type': post(LIST, { authorization: 'Bearer alice-full' }),
  'a form': post(LIST, { ...ALICE, 'content-type': 'application/x-www-form-urlencoded' }),
  'a charset': post(LIST, { ...ALICE, 'content-type': 'application/json; charset=utf-8' }),
  'a GET': get(LIST, { ...ALICE, 'apollo-require-preflight': '1' }),
  'a GET for what has changed': get(LIST, {
    ...ALICE,
    'apollo-require-preflight': '1',
    'if-none-match': '*',
  }),
  'a GET for what is new': get(LIST, {
    ...ALICE,
    'apollo-require-preflight': '1',
    'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT',
  }),
  'a GET that might be forged': get(LIST, { authorization: 'Bearer alice-full' }),
  'a page of GraphiQL': get(LIST, { accept: 'text/html' }),
  'a mutation by GET': get('mutation { deleteImage(input: { id: "private/1" }) { deletedImageId } }', {
    ...ALICE,
    'apollo-require-preflight': '1',
  }),
  'no-cache': post(LIST, { ...ALICE, 'cache-control': 'no-cache' }),
  'an explanation': post(LIST, { ...ALICE, 'x-explain': '1' }),
  'a syntax error': post('{ images'),
  'an unknown field': post('{ images { nope } }'),
  'a bad argument': post('{ images(first: 501) { totalCount } }'),
  'no JSON': { method: 'POST', headers: ALICE, body: '{"query":' },
  'an empty body': { method: 'POST', headers: ALICE },
  'a batch': { method: 'POST', headers: ALICE, body: JSON.stringify([{ query: LIST }]) },
  'a preflight': {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  },
  'another method': { method: 'PUT', headers: ALICE, body: '{}' },
  'another path': { ...post(LIST), path: '/nowhere' },
};

describe('the fast lane', () => {
  let clock: ManualClock;
  let linode: Sandbox;
  let fast: TestGateway;
  let slow: TestGateway;

  beforeAll(async () => {
    clock = manualClock();
    linode = await startSandbox({ now: clock.now, rateLimits: false });
    const options = { linodeApiUrl: linode.url, clock, protection: { corsOrigins: ['https://app.example'] } };
    fast = await startTestGateway({ ...options, responseCache: true });
    slow = await startTestGateway({ ...options, responseCache: false });
  });
  afterAll(async () => {
    await Promise.all([fast.close(), slow.close()]);
    await linode.close();
  });
  beforeEach(() => {
    linode.reset();
    clock.advance(120_000);
  });

  it.each(Object.entries(REQUESTS))('answers %s as the long way does, header by header', async (_, raw) => {
    for (const aheadMs of [0, 500, 500, 1500, 3000, 60_000, 0, 0]) {
      clock.advance(aheadMs);
      const [one, other] = [await send(fast, raw), await send(slow, raw)];
      expect(one).toEqual(other);
    }
    expect(fast.operations.map(facts).slice(-8)).toEqual(slow.operations.map(facts).slice(-8));
  });

  it('looks at an image that moves as often as the long way does, however long its list is fresh', async () => {
    // More images than one page holds: the list is fresh for 16 s, an image that moves for 5.
    for (let i = 0; i < 1600; i++) linode.putImage('alice-full', { status: 'available' });
    linode.putImage('alice-full', { id: 'private/777', status: 'creating' });
    const query = post('{ images(filter: { status: CREATING }) { totalCount } }');
    const counts = new Set<string>();
    for (let second = 0; second < 15; second++) {
      if (second === 6) linode.putImage('alice-full', { id: 'private/777', status: 'available' });
      const [one, other] = [await send(fast, query), await send(slow, query)];
      expect(one).toEqual(other);
      counts.add(one.body);
      clock.advance(1000);
    }
    expect(counts.size).toBe(2);
  });

  it('answers from kept bytes: the long way sees a repeated query no more', async () => {
    for (let i = 0; i < 4; i++) await send(fast, REQUESTS['a list'] ?? {});
    const before = readings(fast);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(fast, REQUESTS['a list'] ?? {})));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    // One reading is the test's own.
    expect(readings(fast) - before).toBe(1);
  });

  it('shows a write to its caller at once, and to nobody else', async () => {
    const label = post('{ image(id: "private/23849498") { label } images(first: 1) { totalCount } }');
    for (let i = 0; i < 4; i++) await send(fast, label);
    await fast.ask(
      'mutation { updateImage(input: { id: "private/23849498", label: "renamed" }) { image { id } } }',
      {
        token: 'alice-full',
      },
    );
    expect((await send(fast, label)).body).toContain('renamed');
    await fast.ask('mutation { deleteImage(input: { id: "private/23849498" }) { deletedImageId } }', {
      token: 'alice-full',
    });
    expect((await send(fast, label)).body).toContain('"image":null');
  });

  it('answers nothing for a refused token', async () => {
    const list = REQUESTS['a list'] ?? {};
    for (let i = 0; i < 4; i++) await send(fast, list);
    linode.fault({ token: 'alice-full', method: 'DELETE', status: 401 });
    await fast.ask('mutation { deleteImage(input: { id: "private/23849498" }) { deletedImageId } }', {
      token: 'alice-full',
    });
    expect((await send(fast, list)).body).toContain('UNAUTHENTICATED');
  });

  it('keeps the answers of callers apart', async () => {
    const bodies = new Map<string, Set<string>>();
    for (let i = 0; i < 60; i++) {
      const token = ['alice-full', 'bob-full', 'carol-restricted'][i % 3] ?? '';
      const { body } = await send(fast, post(LIST, { ...JSON_TYPE, authorization: `Bearer ${token}` }));
      bodies.set(token, (bodies.get(token) ?? new Set()).add(body));
    }
    expect([...bodies.values()].map((seen) => seen.size)).toEqual([1, 1, 1]);
    expect(new Set([...bodies.values()].flatMap((seen) => [...seen])).size).toBe(3);
  });

  it.each([
    ['a content type', { 'content-type': 'text/plain' }, 415],
    ['no acceptable type', { ...JSON_TYPE, accept: 'image/png' }, 406],
  ])('refuses %s before the body is there, as the long way does', async (_, headers, status) => {
    for (let i = 0; i < 3; i++) await send(fast, { ...post(LIST), headers });
    for (const gateway of [fast, slow]) {
      expect(await statusOfHead(gateway, { ...headers, 'content-length': '1000' })).toBe(status);
    }
  });

  it('has one record of each operation, and one of each request that became one', async () => {
    fast.requests.length = 0;
    fast.operations.length = 0;
    const list = REQUESTS['a list'] ?? {};
    for (let i = 0; i < 8; i++) await send(fast, list);
    await until(() => fast.requests.length >= 8, 'the records of eight requests');
    expect(fast.operations).toHaveLength(8);
    expect(fast.requests.map(({ isOperation, status }) => ({ isOperation, status }))).toEqual(
      Array.from({ length: 8 }, () => ({ isOperation: true, status: 200 })),
    );
  });

  it('reads a body that comes in pieces, and several requests of one connection', async () => {
    const list = REQUESTS['a list'] ?? {};
    for (let i = 0; i < 3; i++) await send(fast, list);
    const whole = await send(fast, list);
    const body = list.body ?? '';
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(fast.url);
      const request = httpRequest(
        {
          hostname,
          port,
          path: '/graphql',
          method: 'POST',
          headers: { ...ALICE, 'content-length': body.length },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk) => (text += String(chunk))).on('end', () => resolve(text));
        },
      );
      request.on('error', reject);
      request.write(body.slice(0, 10), () => setImmediate(() => request.end(body.slice(10))));
    });
    expect(answer).toBe(whole.body);
  });
});

/** How many readings there were: each operation on the long way begins one. */
const readings = ({ catalogs }: TestGateway): number =>
  catalogs.reading({ deadlineAt: 0, signal: new AbortController().signal }, undefined).began.seq;

/** What is answered to a head whose body does not come. */
function statusOfHead({ url }: TestGateway, headers: Record<string, string>): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path: '/graphql', method: 'POST', headers }, (response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    request.on('error', reject);
    request.write('{');
  });
}

/** What is told of an operation, but its id. */
const facts = (record: TestGateway['operations'][number]): object => ({ ...record, requestId: '' });

function send(
  { url }: TestGateway,
  { method = 'GET', path = '/graphql', headers = {}, body }: Raw,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const id = { 'x-request-id': 'the-same-for-both' };
    const request = httpRequest(
      { hostname, port, path, method, headers: { ...id, ...headers, ...length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => {
          const headers = { ...response.headers, date: 'at any time' };
          resolve({ status: response.statusCode ?? 0, headers, body: text });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
