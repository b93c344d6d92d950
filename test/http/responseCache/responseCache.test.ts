import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { manualClock, type ManualClock } from '../../support/manualClock.js';
import { until } from '../../support/until.js';
import { ALICE, JSON_TYPE, LIST, post, REQUESTS, send } from './requests.js';

const CORS = { corsOrigins: ['https://app.example'] };
const FEATURES = { ...CORS, rateLimitPerMinute: 1_000_000, trustProxyHops: 1 };

/** A tracer, and the spans of it that are not about resolvers or Linode: those of a replay. */
function startTracer() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const isReplayed = ({ name }: ReadableSpan): boolean =>
    !/^(?:Query|Mutation)\.|^GET \/(?!graphql)/.test(name);
  const spans = (): object[] =>
    exporter
      .getFinishedSpans()
      .filter(isReplayed)
      .map(({ name, attributes, kind, status }) => ({ name, attributes, kind, status }));
  const reset = (): void => {
    exporter.reset();
  };
  return { tracer: provider.getTracer('test'), spans, reset };
}

describe.each([
  ['alone', CORS, false],
  ['with a rate limit, traces and CORS', FEATURES, true],
])('the response cache %s', (_, protection, isTraced) => {
  let clock: ManualClock;
  let linode: Sandbox;
  let fast: TestGateway;
  let slow: TestGateway;
  const fastTracer = startTracer();
  const slowTracer = startTracer();

  beforeAll(async () => {
    clock = manualClock();
    linode = await startSandbox({ now: clock.now, rateLimits: false });
    const options = { linodeApiUrl: linode.url, clock, protection };
    const traced = ({ tracer }: typeof fastTracer) => (isTraced ? { tracer } : {});
    fast = await startTestGateway({ ...options, ...traced(fastTracer), responseCache: true });
    slow = await startTestGateway({ ...options, ...traced(slowTracer), responseCache: false });
  });
  afterAll(async () => {
    await Promise.all([fast.close(), slow.close()]);
    await linode.close();
  });
  beforeEach(() => {
    linode.reset();
    clock.advance(120_000);
    for (const { requests } of [fast, slow]) requests.length = 0;
    for (const { reset } of [fastTracer, slowTracer]) reset();
  });

  it.each(Object.entries(REQUESTS))(
    'responds to %s as the application does, header by header',
    async (_, raw) => {
      for (const aheadMs of [0, 500, 500, 1500, 3000, 60_000, 0, 0]) {
        clock.advance(aheadMs);
        const [one, other] = [await send(fast, raw), await send(slow, raw)];
        expect(one).toEqual(other);
      }
      expect(fast.operations.map(facts).slice(-8)).toEqual(slow.operations.map(facts).slice(-8));
      await until(() => [fast, slow].every(({ requests }) => requests.length === 8), 'all records');
      expect(fastTracer.spans()).toEqual(slowTracer.spans());
      expect(slowTracer.spans().length >= 8).toBe(isTraced && raw.path !== '/nowhere');
    },
  );

  it('looks at an image that moves as often as the application does, however long its list is fresh', async () => {
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

  it('sends a repeated query no more to the application', async () => {
    for (let i = 0; i < 4; i++) await send(fast, REQUESTS['a list'] ?? {});
    const before = readings(fast);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(fast, REQUESTS['a list'] ?? {})));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    // One reading is the test's own.
    expect(readings(fast) - before).toBe(1);
  });

  it('shows a write to its caller at once, and to no other caller', async () => {
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
  ])('refuses %s before the body is there, as the application does', async (_, headers, status) => {
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

  it('records a client that leaves within its body once, without a status', async () => {
    const list = REQUESTS['a list'] ?? {};
    for (let i = 0; i < 3; i++) await send(fast, list);
    await until(() => fast.requests.length === 3, 'the first records');
    const { hostname, port } = new URL(fast.url);
    const headers = { ...ALICE, 'content-length': 100 };
    const request = httpRequest({ hostname, port, path: '/graphql', method: 'POST', headers });
    request.on('error', () => undefined);
    const arrived = new Promise((resolve) => fast.server.once('request', resolve));
    request.write('{"query');
    await arrived;
    request.destroy();
    await until(() => fast.requests.length === 4, 'the last record');
    expect(fast.requests[3]).toMatchObject({ status: null, isOperation: false });
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

/** How many readings there were: each operation of the application begins one. */
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

/** What is recorded of an operation, except its ID. */
const facts = (record: TestGateway['operations'][number]): object => ({ ...record, requestId: '' });
