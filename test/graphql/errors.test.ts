import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type Answer } from '../support/gateway.js';
import { startStack, type Stack, type StackOptions } from '../support/stack.js';
import { hurriedClock } from '../support/hurriedClock.js';
import { manualClock } from '../support/manualClock.js';
import { startWireUpstream } from '../support/wireUpstream.js';
import { until } from '../support/until.js';

const ID = 'private/23849731';
const VIEW = `{ image(id: "${ID}") { id } }`;
const LIST = '{ images { nodes { id } } }';

interface Row {
  fault: Fault;
  extensions: Record<string, unknown>;
  calls: number;
}

/** A stack whose gateway skips every wait shorter than a deadline. */
const startHurriedStack = (options: StackOptions = {}): Promise<Stack> =>
  startStack({ ...options, gateway: { clock: hurriedClock(), ...options.gateway } });

/** What a client receives apart from the request's ID. */
const told = ({ errors }: Answer<unknown>) =>
  errors.map(({ extensions: { requestId, ...extensions } }) => {
    expect(requestId).toEqual(expect.any(String));
    return extensions;
  });

const unavailable = (status: number, ...reasons: string[]) => ({
  code: 'UPSTREAM_UNAVAILABLE',
  upstream: { status, ...(reasons.length > 0 && { reasons }) },
});
const invalid = (status = 200, ...reasons: string[]) => ({
  ...unavailable(status, ...reasons),
  code: 'UPSTREAM_INVALID_RESPONSE',
});

const HTML = '<html><body><h1>Too many requests from 10.0.0.1</h1></body></html>';
const MAINTENANCE = { 'X-MAINTENANCE-MODE': 'all, API is down for maintenance' };

const READS: Record<string, Row> = {
  'a 429 of HTML': {
    fault: { status: 429, body: HTML },
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 4, upstream: { status: 429 } },
    calls: 3,
  },
  'a 429 whose Retry-After fits the deadline': {
    fault: { status: 429, headers: { 'Retry-After': '2' } },
    extensions: {
      code: 'RATE_LIMITED',
      retryAfterSeconds: 2,
      upstream: { status: 429, reasons: ['Too many requests'] },
    },
    calls: 3,
  },
  'a 429 whose Retry-After does not': {
    fault: { status: 429, headers: { 'Retry-After': '30' } },
    extensions: {
      code: 'RATE_LIMITED',
      retryAfterSeconds: 30,
      upstream: { status: 429, reasons: ['Too many requests'] },
    },
    calls: 1,
  },
  'a 500': { fault: { status: 500 }, extensions: unavailable(500, 'Internal server error'), calls: 1 },
  'a 501': { fault: { status: 501 }, extensions: unavailable(501, 'Not Implemented'), calls: 1 },
  'a 502 of JSON': { fault: { status: 502 }, extensions: unavailable(502, 'Bad gateway'), calls: 3 },
  'a 502 of HTML': { fault: { status: 502, body: HTML }, extensions: unavailable(502), calls: 3 },
  'a 502 without a body': { fault: { status: 502, empty: true }, extensions: unavailable(502), calls: 3 },
  'a 502 that breaks off': {
    fault: { status: 502, body: HTML, reset: 'mid-body' },
    extensions: unavailable(502),
    calls: 3,
  },
  'a 503': { fault: { status: 503, body: HTML }, extensions: unavailable(503), calls: 3 },
  'a 503 of maintenance': {
    fault: { status: 503, body: HTML, headers: MAINTENANCE },
    extensions: unavailable(503),
    calls: 1,
  },
  'a 504': { fault: { status: 504, body: HTML }, extensions: unavailable(504), calls: 3 },
  'a 408': {
    fault: { status: 408 },
    extensions: { code: 'UPSTREAM_TIMEOUT', upstream: { status: 408, reasons: ['Please try again'] } },
    calls: 3,
  },
  'a reset before an answer': {
    fault: { reset: 'before' },
    extensions: { code: 'UPSTREAM_UNAVAILABLE' },
    calls: 3,
  },
  'a reset instead of an answer': {
    fault: { reset: 'after' },
    extensions: { code: 'UPSTREAM_UNAVAILABLE' },
    calls: 3,
  },
  'a reset within an answer': { fault: { reset: 'mid-body' }, extensions: invalid(), calls: 1 },
  'a truncated answer': { fault: { truncate: true }, extensions: invalid(), calls: 1 },
  'an answer whose JSON is cut': { fault: { cutJson: true }, extensions: invalid(), calls: 1 },
  'an empty 200': { fault: { empty: true }, extensions: invalid(), calls: 1 },
  'a 200 of HTML': { fault: { html: true }, extensions: invalid(), calls: 1 },
  'a 204': { fault: { status: 204, empty: true }, extensions: invalid(204), calls: 1 },
  'JSON of another shape': { fault: { body: { id: 7, data: 'none' } }, extensions: invalid(), calls: 1 },
  'a JSON null': { fault: { body: null }, extensions: invalid(), calls: 1 },
  'a JSON list': { fault: { body: [] }, extensions: invalid(), calls: 1 },
  '500 MB': { fault: { hugeBytes: 500e6 }, extensions: invalid(), calls: 1 },
  'a redirect': {
    fault: { status: 302, body: '', headers: { Location: 'http://127.0.0.1:1/v4/images' } },
    extensions: invalid(302),
    calls: 1,
  },
  'a 304': { fault: { status: 304, body: '' }, extensions: invalid(304), calls: 1 },
  'a 401 of a token': {
    fault: { status: 401 },
    extensions: { code: 'UNAUTHENTICATED', upstream: { status: 401, reasons: ['Invalid Token'] } },
    calls: 1,
  },
  'a 401 of a scope': {
    fault: {
      status: 401,
      body: { errors: [{ reason: 'Your OAuth token is not authorized to use this endpoint.' }] },
      headers: {
        'X-Accepted-OAuth-Scopes': 'images:read_only',
        'X-OAuth-Scopes': 'linodes:read_only events:*',
      },
    },
    extensions: {
      code: 'FORBIDDEN',
      requiredScopes: ['images:read_only'],
      grantedScopes: ['linodes:read_only', 'events:*'],
      upstream: { status: 401, reasons: ['Your OAuth token is not authorized to use this endpoint.'] },
    },
    calls: 1,
  },
  'a 403': {
    fault: { status: 403 },
    extensions: { code: 'FORBIDDEN', upstream: { status: 403, reasons: ['Unauthorized'] } },
    calls: 1,
  },
  'a 418': { fault: { status: 418 }, extensions: invalid(418, "I'm a Teapot"), calls: 1 },
};

const ONLY_LISTS: Record<string, Row> = {
  'a 400': { fault: { status: 400 }, extensions: invalid(400, 'Bad Request'), calls: 1 },
  'a 404': { fault: { status: 404 }, extensions: invalid(404, 'Not found'), calls: 1 },
};

const rowsOf = (rows: Record<string, Row>) => Object.entries(rows);

describe.each([
  ['a view', VIEW, '/images/private%2F23849731', rowsOf(READS)],
  ['a list', LIST, '/images', rowsOf({ ...READS, ...ONLY_LISTS })],
] as const)('%s', (_, query, path, rows) => {
  it.each(rows)(
    'that gets %s says so, and the next one is well',
    async (_name, { fault, extensions, calls }) => {
      const { linode, gateway } = await startHurriedStack();
      linode.fault({ path, ...fault });
      const answer = await gateway.ask<Record<string, unknown>>(query, { token: 'alice-full' });
      expect(answer.status).toBe(200);
      expect(Object.values(answer.data)).toEqual([null]);
      expect(told(answer)).toEqual([extensions]);
      expect(answer.errors[0]?.extensions['requestId']).toBe(answer.headers.get('x-request-id'));
      expect(answer.body).not.toMatch(/<html|10\.0\.0\.1|node_modules|Bearer|alice-full/);
      expect(linode.requests).toHaveLength(calls);
      expect(gateway.bugs).toEqual([]);

      linode.clearFaults();
      const other = await gateway.ask<Record<string, unknown>>(query, { token: 'bob-full' });
      expect(other.errors).toEqual([]);
    },
  );
});

describe('the caller whose read failed', () => {
  it.each(rowsOf(READS))('is well again when Linode is, after %s', async (_, { fault }) => {
    const clock = hurriedClock();
    const { linode, gateway } = await startStack({ gateway: { clock } });
    linode.fault(fault);
    expect((await gateway.ask(VIEW, { token: 'alice-full' })).errors).toHaveLength(1);
    linode.clearFaults();
    clock.advance(60_000);
    expect((await gateway.ask(VIEW, { token: 'alice-full' })).data).toEqual({ image: { id: ID } });
  });
});

describe('a read that is never answered', () => {
  it.each([
    ['a view', VIEW],
    ['a list', LIST],
  ])('ends at the deadline: %s', async (_, query) => {
    const { clock, linode, gateway } = await startStack();
    linode.fault({ hang: true, times: 1 });
    const asked = gateway.ask<Record<string, unknown>>(query, { token: 'alice-full' });
    await until(() => linode.requests.length === 1, 'an upstream request');
    clock.advance(10_000);
    const answer = await asked;
    expect(Object.values(answer.data)).toEqual([null]);
    expect(told(answer)).toEqual([{ code: 'UPSTREAM_TIMEOUT' }]);
    expect(linode.requests).toHaveLength(1);
    // A list outlives the operation, for up to three times as long.
    clock.advance(20_000);
    await until(() => gateway.upstreamCalls.length === 1, 'the end of the call');
    expect((await gateway.ask(query, { token: 'alice-full' })).errors).toEqual([]);
  });
});

describe('a body that dribbles', () => {
  it('ends at the deadline of the operation', async () => {
    const upstream = await startWireUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"id":');
      const timer = setInterval(() => socket.write(' '), 5);
      socket.on('close', () => {
        clearInterval(timer);
      });
    });
    const clock = manualClock();
    const gateway = await startTestGateway({ linodeApiUrl: upstream.url, clock });
    const asked = gateway.ask(VIEW, { token: 'alice-full' });
    await until(() => upstream.requests.length === 1, 'an upstream request');
    clock.advance(10_000);
    expect(told(await asked)).toEqual([{ code: 'UPSTREAM_TIMEOUT' }]);
    await gateway.close();
    await upstream.close();
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('an answer of 500 MB', () => {
  it.each(['once', '20 times at once'])('takes no such memory, %s', async (times) => {
    const { linode, gateway } = await startHurriedStack();
    await gateway.ask(LIST, { token: 'bob-full' });
    linode.fault({ hugeBytes: 500e6 });
    const before = process.memoryUsage().rss;
    const ids = Array.from({ length: times === 'once' ? 1 : 20 }, (_, i) => `private/${i + 1}`);
    const answer = await gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      token: 'alice-full',
      variables: { ids },
    });
    expect(told(answer)).toEqual(ids.map(() => invalid()));
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});

describe('one failure', () => {
  it('leaves its siblings alone', async () => {
    const { linode, gateway } = await startHurriedStack();
    linode.fault({ path: '/images', status: 500 });
    linode.fault({ path: '/images/linode%2Farch', status: 403 });
    const { data, errors } = await gateway.ask(
      '{ a: image(id: "linode/arch") { id } b: image(id: "linode/debian12") { id } images { totalCount } }',
      { token: 'alice-full' },
    );
    expect(data).toEqual({ a: null, b: { id: 'linode/debian12' }, images: null });
    expect(new Map(errors.map(({ path, extensions }) => [path?.join(), extensions['code']]))).toEqual(
      new Map([
        ['a', 'FORBIDDEN'],
        ['images', 'UPSTREAM_UNAVAILABLE'],
      ]),
    );
  });

  it('is reported on the path of every field that it made null, and requested once', async () => {
    const { linode, gateway } = await startHurriedStack();
    linode.fault({ status: 500 });
    const { errors } = await gateway.ask(
      '{ a: image(id: "linode/arch") { id } b: image(id: "linode/arch") { id } node(id: "linode/arch") { id } }',
      { token: 'alice-full' },
    );
    expect(errors.map(({ path }) => path)).toEqual([['a'], ['b'], ['node']]);
    expect(linode.requests).toHaveLength(1);
  });
});

describe('a bug', () => {
  it('is masked, and told once with the request’s id however many fields it made null', async () => {
    const secret = new Error('alice-full was here');
    const random = () => {
      throw secret;
    };
    const { linode, gateway } = await startHurriedStack({ gateway: { random } });
    linode.fault({ path: '/images/linode%2Farch', status: 502 });
    const answer = await gateway.ask(
      '{ a: image(id: "linode/arch") { id } b: image(id: "linode/arch") { id } c: image(id: "linode/debian12") { id } }',
      { token: 'alice-full', headers: { 'x-request-id': 'request-7' } },
    );
    expect(answer.data).toEqual({ a: null, b: null, c: { id: 'linode/debian12' } });
    expect(told(answer)).toEqual([{ code: 'INTERNAL_SERVER_ERROR' }, { code: 'INTERNAL_SERVER_ERROR' }]);
    expect(answer.body).not.toMatch(/was here|stack|at /);
    expect(gateway.bugs).toEqual([{ error: secret, requestId: 'request-7' }]);
  });
});

const CREATE =
  'mutation { it: createImage(input: { diskId: "108889001" }) { image { id } userErrors { code } } }';
const UPDATE = `mutation { it: updateImage(input: { id: "${ID}", label: "x" }) { image { id } userErrors { code } } }`;
const DELETE = `mutation { it: deleteImage(input: { id: "${ID}" }) { deletedImageId userErrors { code } } }`;
const UPLOAD =
  'mutation { it: initiateImageUpload(input: { label: "x", region: "us-east" }) { image { id } userErrors { code } } }';
const MUTATIONS = [CREATE, UPDATE, DELETE, UPLOAD];

const unknown = { outcome: 'unknown' };
const WRITES: Record<string, { fault: Fault; extensions: Record<string, unknown> }> = {
  'a 500': {
    fault: { status: 500 },
    extensions: { ...unavailable(500, 'Internal server error'), ...unknown },
  },
  'a 502 of HTML': { fault: { status: 502, body: HTML }, extensions: { ...unavailable(502), ...unknown } },
  'a 503 of maintenance': {
    fault: { status: 503, body: HTML, headers: MAINTENANCE },
    extensions: { ...unavailable(503), ...unknown },
  },
  'a 408': {
    fault: { status: 408 },
    extensions: {
      code: 'UPSTREAM_TIMEOUT',
      ...unknown,
      upstream: { status: 408, reasons: ['Please try again'] },
    },
  },
  'a reset before an answer': {
    fault: { reset: 'before' },
    extensions: { code: 'UPSTREAM_UNAVAILABLE', ...unknown },
  },
  'a reset instead of an answer': {
    fault: { reset: 'after' },
    extensions: { code: 'UPSTREAM_UNAVAILABLE', ...unknown },
  },
  'a reset within the answer': {
    fault: { html: true, reset: 'mid-body' },
    extensions: { ...invalid(), ...unknown },
  },
  'an empty 200': { fault: { empty: true, processed: true }, extensions: { ...invalid(), ...unknown } },
  'a 200 of HTML': { fault: { html: true, processed: true }, extensions: { ...invalid(), ...unknown } },
  'JSON of another shape': { fault: { body: [], processed: true }, extensions: { ...invalid(), ...unknown } },
  '500 MB': { fault: { hugeBytes: 500e6, processed: true }, extensions: { ...invalid(), ...unknown } },
  'a 429': {
    fault: { status: 429, headers: { 'Retry-After': '1' } },
    extensions: {
      code: 'RATE_LIMITED',
      retryAfterSeconds: 1,
      upstream: { status: 429, reasons: ['Too many requests'] },
    },
  },
  'a 401 of a token': {
    fault: { status: 401 },
    extensions: { code: 'UNAUTHENTICATED', upstream: { status: 401, reasons: ['Invalid Token'] } },
  },
  'a 403': {
    fault: { status: 403 },
    extensions: { code: 'FORBIDDEN', upstream: { status: 403, reasons: ['Unauthorized'] } },
  },
};

describe('a mutation', () => {
  it.each(Object.entries(WRITES))('that gets %s is sent once and says what is known', async (_, row) => {
    for (const mutation of MUTATIONS) {
      const { linode, gateway } = await startHurriedStack();
      linode.fault(row.fault);
      const answer = await gateway.ask(mutation, { token: 'alice-full' });
      expect(answer.data).toEqual({ it: null });
      expect(told(answer)).toEqual([row.extensions]);
      expect(linode.requests).toHaveLength(1);
      expect(gateway.bugs).toEqual([]);
    }
  });

  it.each([true, 'after'] as const)(
    'that is never answered ends at the deadline, hanging %s',
    async (hang) => {
      for (const mutation of MUTATIONS) {
        const { clock, linode, gateway } = await startStack();
        linode.fault({ hang });
        const asked = gateway.ask(mutation, { token: 'alice-full' });
        await until(() => linode.requests.length === 1, 'an upstream request');
        clock.advance(10_000);
        const answer = await asked;
        expect(answer.data).toEqual({ it: null });
        expect(told(answer)).toEqual([{ code: 'UPSTREAM_TIMEOUT', outcome: 'unknown' }]);
        expect(linode.requests).toHaveLength(1);
      }
    },
  );

  it('that found no connection was not sent, and says nothing of its outcome', async () => {
    const { linode, gateway } = await startHurriedStack();
    await linode.close();
    for (const mutation of MUTATIONS) {
      const answer = await gateway.ask(mutation, { token: 'alice-full' });
      expect(told(answer)).toEqual([{ code: 'UPSTREAM_UNAVAILABLE' }]);
    }
    const attempts = gateway.upstreamCalls.filter(({ method }) => method !== 'GET');
    expect(attempts.length).toBe(3 * MUTATIONS.length);
  });

  it('behind one that timed out is not sent, and timed out too', async () => {
    const { clock, linode, gateway } = await startStack();
    linode.fault({ hang: true });
    const asked = gateway.ask(
      `mutation {
        one: deleteImage(input: { id: "${ID}" }) { deletedImageId }
        two: deleteImage(input: { id: "private/23851696" }) { deletedImageId }
      }`,
      { token: 'alice-full' },
    );
    await until(() => linode.requests.length === 1, 'an upstream request');
    clock.advance(10_000);
    const answer = await asked;
    expect(answer.data).toEqual({ one: null, two: null });
    expect(told(answer)).toEqual([
      { code: 'UPSTREAM_TIMEOUT', outcome: 'unknown' },
      { code: 'UPSTREAM_TIMEOUT' },
    ]);
    expect(linode.requests).toHaveLength(1);
  });

  it('names the scopes that it lacks', async () => {
    const { gateway } = await startStack();
    const refused = { status: 401, reasons: ['Your OAuth token is not authorized to use this endpoint.'] };
    const grantedScopes = ['images:read_only', 'linodes:read_only'];
    for (const mutation of MUTATIONS) {
      const answer = await gateway.ask(mutation, { token: 'alice-read' });
      const requiredScopes = ['images:read_write', ...(mutation === CREATE ? ['linodes:read_only'] : [])];
      expect(told(answer)).toEqual([{ code: 'FORBIDDEN', requiredScopes, grantedScopes, upstream: refused }]);
    }
    expect((await gateway.ask(LIST, { token: 'alice-read' })).errors).toEqual([]);
  });

  it('is FORBIDDEN to a user without the grant, whose reads go on', async () => {
    const { gateway } = await startStack();
    for (const mutation of MUTATIONS) {
      const [extensions] = told(await gateway.ask(mutation, { token: 'carol-restricted' }));
      expect(extensions).toMatchObject({
        code: 'FORBIDDEN',
        upstream: { status: 403, reasons: ['Unauthorized'] },
      });
    }
    expect((await gateway.ask(VIEW, { token: 'carol-restricted' })).data).toEqual({ image: { id: ID } });
  });

  it('is UNAUTHENTICATED without a token, and nothing is sent', async () => {
    const { linode, gateway } = await startStack();
    for (const mutation of MUTATIONS) {
      expect(told(await gateway.ask(mutation))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    }
    expect(linode.requests).toEqual([]);
  });
});
