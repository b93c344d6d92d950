import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';
import { PersistedOperations } from '../../../src/graphql/documents/persistedOperations.js';
import { openRaw } from '../../support/rawConnection.js';
import { startStack, whileTimePasses, type Stack, type StackOptions } from '../../support/stack.js';
import { subscribe } from '../../support/subscriber.js';
import { until } from '../../support/until.js';

const token = 'alice-full';
const authorization = `Bearer ${token}`;
const MOVING = 'private/9401';
const FOLLOW = `subscription Follow { image(id: "${MOVING}") { id label } }`;
const PRESENT = { data: { image: { id: MOVING, label: 'moving' } } };
const SETTINGS = {
  webSocket: true,
  maxSubscriptions: 100,
  maxSubscriptionsPerCaller: 100,
  maxBacklogBytes: 262_144,
  maxSubscriptionMs: 86_400_000,
};

const withLimits = (limits: object): StackOptions => ({
  gateway: { protection: { subscriptions: { ...SETTINGS, ...limits } } },
});

/** Replication is of today's API, whichever one the tests run against. */
async function movingStack(options?: StackOptions): Promise<Stack> {
  const stack = await startStack({ sandbox: { api: 'latest' }, ...options });
  stack.linode.putImage(token, {
    id: MOVING,
    label: 'moving',
    regions: [{ region: 'us-ord', status: 'replicating' }],
  });
  return stack;
}

const addressOf = ({ gateway }: Stack): string => gateway.url.replace('http:', 'ws:');

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

function clientOf(stack: Stack, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    url: addressOf(stack),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
    ...options,
  });
  clients.push(client);
  return client;
}

interface Seen {
  results: { data?: unknown; errors?: readonly { message: string; extensions?: unknown }[] }[];
  error: unknown;
  isComplete: boolean;
  leave: () => void;
}

function follow(client: Client, query = FOLLOW, extra: object = {}): Seen {
  const seen: Seen = { results: [], error: undefined, isComplete: false, leave: () => undefined };
  seen.leave = client.subscribe(
    { query, ...extra },
    {
      next: (result) => seen.results.push(result as Seen['results'][number]),
      error: (error) => (seen.error = error),
      complete: () => (seen.isComplete = true),
    },
  );
  return seen;
}

/** A connection without a client's manners. */
async function rawSocket(
  stack: Stack,
  headers: Record<string, string> = {},
): Promise<{ socket: WebSocket; messages: string[]; closed: () => number | undefined }> {
  const socket = new WebSocket(addressOf(stack), 'graphql-transport-ws', { headers });
  const messages: string[] = [];
  let code: number | undefined;
  socket.on('message', (data) => messages.push(String(data as Buffer)));
  socket.on('close', (closeCode) => (code = closeCode));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { socket, messages, closed: () => code };
}

/** The status of a refused handshake, and the code in its body. */
const refused = (stack: Stack, headers: Record<string, string>, path = ''): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(addressOf(stack) + path, 'graphql-transport-ws', { headers });
    socket.on('open', () => {
      socket.terminate();
      reject(new Error('It was accepted'));
    });
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_, response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => {
        const { errors } = JSON.parse(body) as { errors: { extensions: { code: string } }[] };
        resolve([response.statusCode ?? 0, errors[0]?.extensions.code ?? '']);
      });
    });
  });

const metric = async ({ gateway }: Stack, name: string): Promise<number> => {
  const metrics = (await gateway.metrics()) as { name: string; values: { value: number }[] }[];
  return metrics.find((each) => each.name === name)?.values[0]?.value ?? 0;
};

describe('a subscription over WebSocket', () => {
  it('sends the present state, then changes, and is ended by its client', async () => {
    const stack = await movingStack();
    const seen = follow(clientOf(stack));
    await until(() => seen.results.length === 1, 'the present state');
    expect(seen.results).toEqual([PRESENT]);
    await stack.gateway.ask(
      `mutation { updateImage(input: { id: "${MOVING}", label: "new" }) { image { id } } }`,
      { token },
    );
    await until(() => seen.results.length === 2, 'the change');
    expect(await metric(stack, 'gateway_live_callers')).toBe(1);
    seen.leave();
    await until(async () => (await metric(stack, 'gateway_live_callers')) === 0, 'the end of the poller');
    expect(stack.gateway.operations.at(-1)).toMatchObject({ name: 'Follow', type: 'subscription' });
    expect(stack.gateway.bugs).toEqual([]);
  });

  it('takes the token of the upgrade where connection_init has none', async () => {
    const stack = await movingStack();
    class WithHeader extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol, { headers: { authorization } });
      }
    }
    const seen = follow(clientOf(stack, { connectionParams: {}, webSocketImpl: WithHeader }));
    await until(() => seen.results.length === 1, 'the present state');
    expect(seen.results).toEqual([PRESENT]);
  });

  it.each([
    ['an invalid document', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a document that cannot be parsed', '{', 'GRAPHQL_PARSE_FAILED'],
    [
      'what exceeds a limit',
      `subscription { image(id: 1) { ${'a: id '.repeat(60)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('refuses %s with an error message', async (_, query, code) => {
    const seen = follow(clientOf(await startStack()), query);
    await until(() => seen.error !== undefined, 'the error');
    expect(seen.error).toMatchObject([{ extensions: { code, requestId: expect.any(String) as unknown } }]);
  });

  it('serves queries and mutations too', async () => {
    const stack = await movingStack();
    const client = clientOf(stack);
    const query = follow(
      client,
      '{ images(first: 1, filter: { label: { eq: "moving" } }) { nodes { id label } } }',
    );
    await until(() => query.isComplete, 'the query');
    const mutation = follow(
      client,
      `mutation { deleteImage(input: { id: "${MOVING}" }) { deletedImageId } }`,
    );
    await until(() => mutation.isComplete, 'the mutation');
    expect(query.results).toEqual([{ data: { images: { nodes: [PRESENT.data.image] } } }]);
    expect(mutation.results).toEqual([{ data: { deleteImage: { deletedImageId: MOVING } } }]);
  });

  it('allows persisted operations only, by their hash as well, where there is a manifest', async () => {
    const hash = createHash('sha256').update(FOLLOW).digest('hex');
    const persistedOperations = new PersistedOperations({ [hash]: FOLLOW });
    const stack = await movingStack({ gateway: { protection: { persistedOperations } } });
    const client = clientOf(stack);
    const byText = follow(client);
    const byHash = follow(client, '', { documentId: hash });
    const other = follow(client, 'subscription { image(id: 1) { id } }');
    await until(
      () => byText.results.length + byHash.results.length === 2 && other.error !== undefined,
      'all',
    );
    expect(byHash.results).toEqual([PRESENT]);
    expect(other.error).toMatchObject([{ extensions: { code: 'PERSISTED_OPERATION_REQUIRED' } }]);
  });

  it('counts each operation for the rate limit of its caller', async () => {
    const stack = await movingStack({ gateway: { protection: { rateLimitPerMinute: 4 } } });
    const client = clientOf(stack);
    const seen = Array.from({ length: 6 }, () => follow(client));
    await until(() => seen.every(({ results, error }) => results.length > 0 || error !== undefined), 'all');
    const codes = seen.flatMap(
      ({ error }) => (error as { extensions: { code: string } }[] | undefined) ?? [],
    );
    expect(codes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(codes.map(({ extensions }) => extensions.code))).toEqual(new Set(['RATE_LIMITED']));
  });

  it('shares the bounds of all transports, and has one for each connection', async () => {
    const stack = await movingStack(withLimits({ maxSubscriptionsPerCaller: 2 }));
    const overSse = await subscribe(stack.gateway.url, FOLLOW, { token });
    const client = clientOf(stack);
    const [first, second] = [follow(client), follow(client)];
    await until(() => second.error !== undefined, 'the refusal');
    expect(first.results).toHaveLength(1);
    expect(second.error).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    overSse.close();
    const other = await movingStack();
    const many = clientOf(other);
    const all = Array.from({ length: 101 }, () => follow(many));
    await until(() => all.every(({ results, error }) => results.length > 0 || error !== undefined), 'all');
    expect(all.filter(({ error }) => error !== undefined)).toHaveLength(1);
  });

  it('ends with an error when the token is refused, and the connection stays', async () => {
    const stack = await movingStack();
    const client = clientOf(stack);
    const seen = follow(client);
    await until(() => seen.results.length === 1, 'the present state');
    stack.linode.fault({ token, status: 401, body: { errors: [{ reason: 'Invalid Token' }] } });
    await whileTimePasses(
      stack.clock,
      500,
      until(() => seen.isComplete, 'the end'),
    );
    expect(seen.results.at(-1)?.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    stack.linode.clearFaults();
    const again = follow(client, '{ regions(first: 1) { totalCount } }');
    await until(() => again.isComplete || again.error !== undefined, 'a query');
  });
});

describe('a handshake', () => {
  it.each([
    ['of a page of another site', { origin: 'https://evil.example' }, '', [403, 'FORBIDDEN']],
    ['of a page without an origin', { origin: 'null' }, '', [403, 'FORBIDDEN']],
    ['with a cookie and without an origin', { cookie: 'session=1' }, '', [403, 'FORBIDDEN']],
    ['for another path', {}, '/../other', [404, 'NOT_FOUND']],
  ] as const)('is refused %s', async (_, headers, path, expected) => {
    expect(await refused(await startStack(), headers, path)).toEqual(expected);
  });

  it('is refused with a cookie from any origin but those that are listed', async () => {
    const stack = await startStack({ gateway: { protection: { corsOrigins: ['*'] } } });
    expect(await refused(stack, { origin: 'https://a.example', cookie: 'a=b' })).toEqual([403, 'FORBIDDEN']);
  });

  it.each([
    ['of its own origin', (own: string) => ({ origin: own, cookie: 'a=b' })],
    ['of an origin that is listed', () => ({ origin: 'https://app.a.example', cookie: 'a=b' })],
    ['of no page', () => ({})],
  ] as const)('is accepted %s', async (_, headersOf) => {
    const stack = await startStack({ gateway: { protection: { corsOrigins: ['https://*.a.example'] } } });
    const { socket } = await rawSocket(stack, headersOf(new URL(stack.gateway.url).origin));
    socket.terminate();
  });

  it.each([
    [
      'without the subprotocol',
      'websocket',
      'Sec-WebSocket-Protocol: graphql-ws\r\n',
      'graphql-transport-ws',
    ],
    ['among other offers', 'h2c, websocket', 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n', 'alone'],
  ])('is refused %s', async (_, upgrade, lines, reason) => {
    const { gateway } = await startStack();
    const { socket, closed } = openRaw({ gateway });
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${lines}\r\n`,
    );
    const response = await closed;
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
    expect(response).toContain(reason);
  });

  it('is refused with the reason where WebSocket is switched off', async () => {
    const { gateway } = await startStack(withLimits({ webSocket: false }));
    for (const upgrade of ['websocket', 'h2c, websocket']) {
      const { socket, closed } = openRaw({ gateway });
      socket.write(
        `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: ${upgrade}\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
          'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
      );
      const response = await closed;
      expect(response).toMatch(/^HTTP\/1\.1 400 /);
      expect(response).toContain('"WebSocket connections are not supported; use GET or POST"');
    }
  });
});

describe('a connection', () => {
  it.each([
    [
      'a malformed token',
      JSON.stringify({ type: 'connection_init', payload: { authorization: 'Basic x' } }),
      4403,
    ],
    ['a text that is not a message', '{', 4400],
    [
      'a message before connection_init',
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FOLLOW } }),
      4401,
    ],
    [
      'a message that is too large',
      JSON.stringify({ type: 'ping', payload: { a: 'x'.repeat(600_000) } }),
      1009,
    ],
    ['bytes', Buffer.from('{"type":"connection_init"}'), 4400],
  ])('is closed for %s', async (_, message, code) => {
    const stack = await startStack();
    const { socket, closed } = await rawSocket(stack);
    socket.send(message);
    await until(() => closed() !== undefined, 'the end');
    expect(closed()).toBe(code);
    expect(stack.gateway.bugs).toEqual([]);
  });

  it('is closed with 1012 when the process drains, and the client connects again elsewhere', async () => {
    const stack = await movingStack();
    const next = await startStack({ sandbox: { api: 'latest' } });
    next.linode.putImage(token, {
      id: MOVING,
      label: 'moving',
      regions: [{ region: 'us-ord', status: 'replicating' }],
    });
    const codes: number[] = [];
    let url = addressOf(stack);
    const client = clientOf(stack, {
      url: () => url,
      retryAttempts: 3,
      shouldRetry: () => true,
      retryWait: () => Promise.resolve(),
      on: { closed: (event) => codes.push((event as { code: number }).code) },
    });
    const seen = follow(client);
    await until(() => seen.results.length === 1, 'the present state');
    url = addressOf(next);
    await stack.gateway.close();
    await until(() => seen.results.length === 2, 'the present state again');
    expect(codes[0]).toBe(1012);
    expect(seen.results).toEqual([PRESENT, PRESENT]);
    seen.leave();
  });

  it('is pinged every 12 seconds, and dropped when it does not answer', async () => {
    const stack = await movingStack();
    const lively = await rawSocket(stack);
    let pings = 0;
    lively.socket.on('ping', () => pings++);
    const silent = await rawSocket(stack);
    silent.socket.pause();
    for (let i = 1; i <= 3; i++) {
      stack.clock.advance(12_000);
      await until(() => pings === i, 'a ping');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    silent.socket.resume();
    await until(() => silent.closed() !== undefined, 'the drop');
    expect(lively.closed()).toBeUndefined();
    lively.socket.terminate();
  });
});
