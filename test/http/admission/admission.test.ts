import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { openRaw } from '../../support/rawConnection.js';
import { startStack, type Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const ORIGIN = 'https://app.example';
const QUERY = '{ images { totalCount } }';

const startLimited = (rateLimitPerMinute: number): Promise<Stack> =>
  startStack({ gateway: { protection: { rateLimitPerMinute, corsOrigins: [ORIGIN] } } });

/** Begins an operation in the application, which the response cache does not. */
const readings = ({ gateway }: Stack): number =>
  gateway.catalogs.reading({ deadlineAt: 0, signal: new AbortController().signal }, undefined).began.seq;

/** A request whose target is sent as it is. */
function get({ gateway }: Stack, target: string): Promise<number | undefined> {
  const { hostname, port } = new URL(gateway.url);
  const headers = { 'apollo-require-preflight': '1', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path: target, headers }, (res) => {
      res.resume().on('end', () => resolve(res.statusCode));
    })
      .on('error', reject)
      .end();
  });
}

describe('admission', () => {
  it('counts requests whose responses come from the cache', async () => {
    const stack = await startLimited(8);
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await stack.gateway.ask(QUERY)).status);
    const before = readings(stack);
    for (let i = 0; i < 5; i++) statuses.push((await stack.gateway.ask(QUERY)).status);
    // The reading is the test's own.
    expect(readings(stack) - before).toBe(1);
    expect(statuses).toEqual([...Array<number>(8).fill(200), 429, 429]);
  });

  it('lets pages of allowed origins read why they are refused, and asks browsers as often as they like', async () => {
    const stack = await startLimited(1);
    const headers = { origin: ORIGIN };
    for (let i = 0; i < 3; i++) {
      const preflight = { ...headers, 'access-control-request-method': 'POST' };
      const response = await fetch(stack.gateway.url, { method: 'OPTIONS', headers: preflight });
      expect(response.status).toBe(204);
    }
    await stack.gateway.ask(QUERY, { headers });
    const refused = await stack.gateway.ask(QUERY, { headers });
    expect([refused.status, refused.errors[0]?.extensions['code']]).toEqual([429, 'RATE_LIMITED']);
    expect(refused.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect(refused.errors[0]?.extensions['requestId']).toBe(refused.headers.get('x-request-id'));
  });

  it.each(['/graphql', '/GraphQL', '/graphql/', 'http://gateway/graphql', 'http://gateway/GRAPHQL'])(
    'limits operations at %s',
    async (path) => {
      const stack = await startLimited(2);
      const target = `${path}?query={__typename}`;
      const statuses = [await get(stack, target), await get(stack, target), await get(stack, target)];
      expect(statuses).toEqual([200, 200, 429]);
    },
  );

  it.each(['/graphql\u00a0', '/graphql\u00a0?query={__typename}', '//graphql?query={__typename}'])(
    'has no operations at %j, which nothing would limit',
    async (target) => {
      const stack = await startLimited(1000);
      const { socket, closed } = openRaw(stack);
      socket.write(
        `GET ${target} HTTP/1.1\r\nHost: x\r\nApollo-Require-Preflight: 1\r\nConnection: close\r\n\r\n`,
        'latin1',
      );
      expect(await closed).toMatch(/^HTTP\/1\.1 40[04] /);
      await until(() => stack.gateway.requests.length === 1, 'its record');
      expect(stack.gateway.operations).toEqual([]);
    },
  );

  it('answers a request that it cannot count with 503, and serves nothing', async () => {
    const unanswered = Object.assign(new Error('The primary does not respond'), { status: 503 });
    const stack = await startStack();
    const worker = await startStack({
      gateway: {
        elsewhere: {
          catalogs: stack.gateway.catalogs,
          consume: () => Promise.reject(unanswered),
          metricsText: () => Promise.resolve(''),
        },
        protection: { rateLimitPerMinute: 10 },
      },
    });
    const { status, errors } = await worker.gateway.ask(QUERY);
    expect([status, errors[0]?.extensions['code']]).toEqual([503, 'OVERLOADED']);
    expect(worker.gateway.operations).toEqual([]);
  });
});
