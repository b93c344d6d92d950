import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PersistedOperations } from '../../../src/graphql/documents/persistedOperations.js';
import { startStack, whileTimePasses, type Stack, type StackOptions } from '../../support/stack.js';
import { subscribe } from '../../support/subscriber.js';
import { until } from '../../support/until.js';

const token = 'alice-full';
/** Changes by itself for as long as the clock stands still. */
const MOVING = 'private/9301';
const FOLLOW = `subscription Follow($id: ID = "${MOVING}") { image(id: $id) { id label } }`;
const DRAINING = { clientTimeoutMs: 30_000 };

/** Replication is of today's API, whichever one the tests run against. */
async function movingStack(options?: StackOptions): Promise<Stack> {
  const stack = await startStack({ sandbox: { api: 'latest' }, ...options });
  stack.linode.putImage(token, {
    id: MOVING,
    label: 'moving',
    regions: [
      { region: 'us-east', status: 'available' },
      { region: 'us-ord', status: 'replicating' },
    ],
  });
  return stack;
}

const withLimits = (limits: object): StackOptions => ({
  gateway: {
    protection: {
      subscriptions: {
        webSocket: true,
        maxSubscriptions: 100,
        maxSubscriptionsPerCaller: 100,
        maxBacklogBytes: 262_144,
        maxSubscriptionMs: 86_400_000,
        ...limits,
      },
    },
  },
});

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const PRESENT = { data: { image: { id: MOVING, label: 'moving' } } };

describe('a subscription over SSE', () => {
  it('is a stream of its own that nothing on the way may hold back', async () => {
    const { gateway } = await movingStack();
    const subscriber = await subscribe(gateway.url, FOLLOW, { token, headers: { 'x-request-id': 'mine' } });
    await until(() => subscriber.results.length === 1, 'the present state');
    expect(subscriber.status).toBe(200);
    expect(subscriber.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': 'mine',
    });
    expect(subscriber.text).toBe(`:\n\nevent: next\ndata: ${JSON.stringify(PRESENT)}\n\n`);
  });

  it.each([
    ['a document that cannot be parsed', '{', 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two root fields',
      `subscription { a: image(id: 1) { id } b: image(id: 2) { id } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'what exceeds a limit',
      `subscription { image(id: 1) { ${'a: id '.repeat(60)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('is refused for %s with one result, as 200', async (_, query, code) => {
    const { gateway } = await startStack();
    const subscriber = await subscribe(gateway.url, query, { token });
    await until(() => subscriber.isComplete && subscriber.hasEnded, 'the end');
    expect([subscriber.status, subscriber.headers['content-type']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(subscriber.results).toMatchObject([{ errors: [{ extensions: { code } }] }]);
  });

  it('is refused for a variable of another type with one result', async () => {
    const { gateway } = await startStack();
    const subscriber = await subscribe(gateway.url, FOLLOW, { token, variables: { id: { a: 1 } } });
    await until(() => subscriber.isComplete, 'the end');
    expect(subscriber.results[0]?.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('is refused for a malformed token with one result', async () => {
    const { gateway } = await startStack();
    const subscriber = await subscribe(gateway.url, FOLLOW, { headers: { authorization: 'Basic eDp5' } });
    await until(() => subscriber.isComplete, 'the end');
    expect(subscriber.results[0]?.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it.each(['query', 'mutation'])('a %s has one result too', async (type) => {
    const { gateway } = await startStack();
    const query =
      type === 'query'
        ? '{ images(first: 1) { nodes { id } } }'
        : 'mutation { updateImage(input: { id: "private/1", label: "" }) { userErrors { code } } }';
    const subscriber = await subscribe(gateway.url, query, { token });
    await until(() => subscriber.isComplete, 'the end');
    expect(subscriber.results).toHaveLength(1);
    expect(subscriber.results[0]?.errors).toBeUndefined();
    expect(Object.keys(subscriber.results[0]?.data ?? {})).toHaveLength(1);
  });

  it('begins by GET with a header that plain forms cannot send, and from pages of its own and allowed origins', async () => {
    const { gateway } = await movingStack({
      gateway: { protection: { corsOrigins: ['https://a.example'] } },
    });
    const own = new URL(gateway.url).origin;
    const headers: Record<string, string>[] = [
      { 'apollo-require-preflight': '1' },
      { origin: own },
      { origin: 'https://a.example' },
      { 'sec-fetch-site': 'same-origin' },
    ];
    for (const each of headers) {
      const subscriber = await subscribe(gateway.url, FOLLOW, { token, method: 'GET', headers: each });
      await until(() => subscriber.results.length === 1, 'the present state');
      expect(subscriber.results).toEqual([PRESENT]);
      subscriber.close();
    }
    for (const each of [{}, { origin: 'https://b.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const refused = await subscribe(gateway.url, FOLLOW, { token, method: 'GET', headers: each });
      await until(() => refused.isComplete, 'the end');
      expect(refused.results[0]?.errors?.[0]?.extensions['code']).toBe('BAD_REQUEST');
    }
  });

  it.each([
    ['documentId', { documentId: `sha256:${hash(FOLLOW)}` }],
    ["Apollo's extension", { extensions: { persistedQuery: { version: 1, sha256Hash: hash(FOLLOW) } } }],
  ])('begins by the hash of a persisted operation, as %s', async (_, body) => {
    const persistedOperations = new PersistedOperations({ [hash(FOLLOW)]: FOLLOW });
    const { gateway } = await movingStack({ gateway: { protection: { persistedOperations } } });
    const subscriber = await subscribe(gateway.url, '', { token, body });
    await until(() => subscriber.results.length === 1, 'the present state');
    expect(subscriber.results).toEqual([PRESENT]);
    const other = await subscribe(gateway.url, 'subscription { image(id: 1) { id } }', { token });
    expect(other.status).toBe(400);
  });

  it('is refused to a client that accepts one response only, which names the transports', async () => {
    const { gateway } = await startStack();
    const { errors } = await gateway.ask(FOLLOW, { token });
    expect(errors[0]?.extensions['code']).toBe('OPERATION_RESOLUTION_FAILURE');
    for (const transport of ['text/event-stream', 'subscriptionSpec=1.0', 'graphql-transport-ws'])
      expect(errors[0]?.message).toContain(transport);
  });

  it('is not begun by a HEAD', async () => {
    const { gateway } = await movingStack();
    const url = `${gateway.url}?query=${encodeURIComponent(FOLLOW)}`;
    const headers = {
      accept: 'text/event-stream',
      'apollo-require-preflight': '1',
      authorization: `Bearer ${token}`,
    };
    const response = await fetch(url, { method: 'HEAD', headers });
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  it('is a stream although JSON is accepted too, and a query is JSON then', async () => {
    const { gateway } = await movingStack();
    const headers = {
      accept: 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed',
    };
    const subscriber = await subscribe(gateway.url, FOLLOW, { token, headers });
    expect(subscriber.headers['content-type']).toContain('text/event-stream');
    const { headers: answered } = await gateway.ask('{ images { totalCount } }', { token, headers });
    expect(answered.get('content-type')).toContain('json');
  });
});

describe('the life of a subscription over SSE', () => {
  it('is kept alive by a comment every 12 seconds', async () => {
    const { clock, gateway } = await movingStack();
    const subscriber = await subscribe(gateway.url, FOLLOW, { token });
    await until(() => subscriber.results.length === 1, 'the present state');
    for (let i = 1; i <= 3; i++) {
      const before = subscriber.comments;
      clock.advance(12_000);
      await until(() => subscriber.comments === before + 1, 'a comment');
    }
  });

  it('outlasts the timeouts of operations and clients, and ends after its own', async () => {
    const stack = await movingStack(withLimits({ maxSubscriptionMs: 600_000 }));
    const subscriber = await subscribe(stack.gateway.url, FOLLOW, { token });
    await until(() => subscriber.results.length === 1, 'the present state');
    await whileTimePasses(
      stack.clock,
      3000,
      until(() => subscriber.isComplete, 'the end'),
    );
    expect(subscriber.comments).toBeGreaterThan(40);
    expect(subscriber.results).toEqual([PRESENT]);
  });

  it('ends when the process drains, at once, and new ones are refused', async () => {
    const { gateway, linode } = await movingStack({ gateway: { protection: DRAINING } });
    const subscribers = [
      await subscribe(gateway.url, FOLLOW, { token }),
      await subscribe(gateway.url, FOLLOW, { token }),
    ];
    await until(() => subscribers.every(({ results }) => results.length === 1), 'the present state');
    // A poll hangs meanwhile.
    linode.fault({ method: 'GET', hang: true });
    await gateway.close();
    expect(subscribers.map(({ isComplete }) => isComplete)).toEqual([true, true]);
  });

  it('holds no slot of operations', async () => {
    const { gateway } = await movingStack({ gateway: { protection: { maxConcurrentOperations: 1 } } });
    for (let i = 0; i < 3; i++) {
      const subscriber = await subscribe(gateway.url, FOLLOW, { token });
      await until(() => subscriber.results.length === 1, 'the present state');
    }
    const { errors } = await gateway.ask('{ images { totalCount } }', { token });
    expect(errors).toEqual([]);
  });

  it('is bounded for each caller, for each address without a token, and for the process', async () => {
    const { gateway, linode } = await movingStack(
      withLimits({ maxSubscriptions: 5, maxSubscriptionsPerCaller: 2 }),
    );
    linode.putImage(token, { id: 'linode/new', is_public: true, status: 'creating' });
    const open = (query: string, given?: string) =>
      subscribe(gateway.url, query, given ? { token: given } : {});
    const anonymous = 'subscription { image(id: "linode/new") { status } }';
    const statuses = [];
    const kept = [];
    for (const [query, given] of [
      ...Array.from({ length: 3 }, () => [FOLLOW, token] as const),
      ...Array.from({ length: 3 }, () => [anonymous] as const),
      ...Array.from({ length: 2 }, () => ['subscription { imageChanges { imageId } }', 'bob-full'] as const),
    ]) {
      const subscriber = await open(query, given);
      kept.push(subscriber);
      statuses.push(subscriber.status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 200, 429, 200, 503]);
    expect(JSON.parse(kept[2]?.text || '{}')).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    kept[0]?.close();
    await until(async () => {
      const again = await open(FOLLOW, token);
      if (again.status !== 200) again.close();
      return again.status === 200;
    }, 'a place');
  });

  it('drops a subscriber that reads nothing, and no other', async () => {
    const stack = await movingStack(withLimits({ maxBacklogBytes: 65_536 }));
    const { gateway, linode, clock } = stack;
    const description = 'x'.repeat(60_000);
    const query = `subscription { image(id: "${MOVING}") { label description } }`;
    const other = await subscribe(gateway.url, query, { token });
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const body = JSON.stringify({ query });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    socket.pause();
    const ended = async (): Promise<number> => {
      const metrics = (await gateway.metrics()) as {
        name: string;
        values: { labels: object; value: number }[];
      }[];
      const values = metrics.find(({ name }) => name === 'gateway_subscriptions_ended_total')?.values ?? [];
      return values.find(({ labels }) => (labels as { reason: string }).reason === 'slow')?.value ?? 0;
    };
    let label = 0;
    await whileTimePasses(
      clock,
      500,
      until(
        async () => {
          linode.putImage(token, {
            id: MOVING,
            label: `moving ${label++}`,
            description,
            regions: [{ region: 'us-ord', status: 'replicating' }],
          });
          return (await ended()) === 1;
        },
        'the drop',
        30_000,
      ),
    );
    socket.destroy();
    expect(other.hasEnded).toBe(false);
    const seen = other.results.length;
    linode.putImage(token, {
      id: MOVING,
      label: 'last',
      regions: [{ region: 'us-ord', status: 'replicating' }],
    });
    await whileTimePasses(
      clock,
      500,
      until(() => other.results.length > seen, 'an event for the other'),
    );
  }, 60_000);

  it('is one record in the log and in the metrics, when it ends', async () => {
    const stack = await movingStack();
    const { gateway } = stack;
    const subscriber = await subscribe(gateway.url, FOLLOW, { token });
    await until(() => subscriber.results.length === 1, 'the present state');
    expect(gateway.operations).toEqual([]);
    stack.clock.advance(1000);
    subscriber.close();
    await until(() => gateway.operations.length === 1, 'the record');
    expect(gateway.operations[0]).toMatchObject({ name: 'Follow', type: 'subscription', errorCodes: [] });
    expect(gateway.operations[0]?.durationMs).toBeGreaterThanOrEqual(1000);
    expect(JSON.stringify([gateway.operations, gateway.requests])).not.toContain(token);
    await until(() => gateway.requests.some(({ isOperation }) => isOperation), 'the request');
  });
});
