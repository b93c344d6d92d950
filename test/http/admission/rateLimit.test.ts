import { describe, expect, it } from '@jest/globals';
import { startStack, whileTimePasses, type Stack } from '../../support/stack.js';

const PER_MINUTE = 3;
const start = (rateLimitPerMinute = PER_MINUTE, trustProxyHops = 1): Promise<Stack> =>
  startStack({ gateway: { protection: { rateLimitPerMinute, trustProxyHops } } });

/** A query that needs a call to Linode, which accepts or refuses the token. */
const QUERY = '{ images(first: 1) { totalCount } }';
interface From {
  token?: string | null;
  authorization?: string;
  ip?: string;
}
const ask = async ({ gateway }: Stack, { token = null, authorization, ip = '192.0.2.1' }: From) => {
  const headers = { 'x-forwarded-for': ip, ...(authorization !== undefined && { authorization }) };
  return gateway.ask(QUERY, { token, headers });
};
const askAll = async (stack: Stack, requests: readonly From[]): Promise<number[]> => {
  const statuses = [];
  for (const request of requests) statuses.push((await ask(stack, request)).status);
  return statuses;
};
const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const passed = (statuses: readonly number[]): number => statuses.filter((status) => status !== 429).length;
const anonymous = (count: number, ip?: string): From[] =>
  times(count, () => (ip === undefined ? {} : { ip }));
const invented = (count: number, ip?: string): From[] =>
  times(count, (i) => ({ token: `invented-${i}`, ...(ip !== undefined && { ip }) }));

describe('the rate limit', () => {
  it('counts an accepted token wherever its requests come from', async () => {
    const stack = await start();
    const statuses = await askAll(
      stack,
      times(5, (i) => ({ token: 'alice-full', ip: `192.0.2.${i}` })),
    );
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(await askAll(stack, [{ token: 'bob-full', ip: '192.0.2.1' }])).toEqual([200]);
  });

  it('counts callers without a token by address', async () => {
    const stack = await start();
    expect(await askAll(stack, anonymous(4))).toEqual([200, 200, 200, 429]);
    expect(await askAll(stack, anonymous(1, '192.0.2.2'))).toEqual([200]);
  });

  it('ends with its window', async () => {
    const stack = await start();
    await askAll(stack, anonymous(4));
    stack.clock.advance(59_000);
    expect(await askAll(stack, anonymous(1))).toEqual([429]);
    stack.clock.advance(1000);
    expect(await askAll(stack, anonymous(4))).toEqual([200, 200, 200, 429]);
  });

  it('says when to retry', async () => {
    const stack = await start();
    await askAll(stack, anonymous(3));
    stack.clock.advance(20_500);
    const { headers, errors } = await ask(stack, {});
    expect(errors).toEqual([
      {
        message: 'Request rate limit exceeded; retry in 40 s',
        extensions: {
          code: 'RATE_LIMITED',
          retryAfterSeconds: 40,
          requestId: headers.get('x-request-id'),
        },
      },
    ]);
    expect(headers.get('retry-after')).toBe('40');
  });

  it('does not apply to health checks', async () => {
    const { gateway } = await start();
    for (let i = 0; i < 5; i++) expect((await fetch(new URL('/health/live', gateway.url))).status).toBe(200);
  });
});

describe('a client behind one address cannot evade the limit', () => {
  it.each<[string, (i: number) => From]>([
    ['a new token each time', (i) => ({ token: `invented-${i}` })],
    ['a new token every other time', (i) => (i % 2 === 0 ? {} : { token: `invented-${i}` })],
    ['one token that Linode refuses', () => ({ token: 'invented' })],
    ['headers that are no bearer token', (i) => ({ authorization: `Basic ${i}` })],
    ['malformed bearer tokens', (i) => ({ authorization: `Bearer ü${i}` })],
    ['longer and longer tokens', (i) => ({ authorization: `Bearer ${'x'.repeat(i + 1)}` })],
    ['a new port each time', (i) => ({ ip: `192.0.2.1:${1000 + i}` })],
    ['new ports in brackets', (i) => ({ ip: `[2001:db8::1]:${1000 + i}` })],
    ['addresses of one /64', (i) => ({ ip: `2001:db8:1:2:${i}::${i}` })],
    ['a zone each time', (i) => ({ ip: `fe80::1%eth${i}` })],
    [
      'forms of one IPv4 address',
      (i) => ({ ip: ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201', '64:ff9b::c000:201'][i % 4] ?? '' }),
    ],
    ['letters of either case', (i) => ({ ip: i % 2 === 0 ? '2001:db8::a' : '2001:DB8:0:0::A' })],
    ['text that is no address', (i) => ({ ip: `garbage-${i}` })],
    [
      'addresses in unusual notations',
      (i) => ({ ip: ['0x7f.1', '0177.0.0.1', '127.1', '2130706433'][i % 4] ?? '' }),
    ],
    ['entries that the client adds itself', (i) => ({ ip: `198.51.100.${i}, 192.0.2.1` })],
    ['all of it together', (i) => ({ token: `invented-${i}`, ip: `198.51.100.${i}, ::ffff:192.0.2.1` })],
  ])('by %s', async (_, request) => {
    const stack = await start();
    expect(passed(await askAll(stack, times(12, request)))).toBe(PER_MINUTE);
    expect(stack.linode.requests.length).toBeLessThanOrEqual(PER_MINUTE);
  });

  it('by X-Forwarded-For where no proxy is trusted', async () => {
    const stack = await start(PER_MINUTE, 0);
    expect(
      passed(
        await askAll(
          stack,
          times(12, (i) => ({ ip: `192.0.2.${i}` })),
        ),
      ),
    ).toBe(PER_MINUTE);
  });

  it('by requests that are sent at once', async () => {
    const stack = await start();
    const responses = await Promise.all(invented(12).map((request) => ask(stack, request)));
    expect(passed(responses.map(({ status }) => status))).toBe(PER_MINUTE);
    expect(stack.linode.requests.length).toBeLessThanOrEqual(PER_MINUTE);
  });

  it('by inventing tokens while Linode fails', async () => {
    const stack = await start();
    for (const status of [500, 503, 429, 408]) {
      stack.linode.clearFaults();
      stack.linode.fault({ status, body: '<html>', headers: { 'retry-after': '1' } });
      const ip = `198.51.100.${status % 256}`;
      const statuses = await whileTimePasses(stack.clock, 500, askAll(stack, invented(6, ip)));
      expect([status, passed(statuses)]).toEqual([status, PER_MINUTE]);
    }
  });

  it('by refusals of something in front of the API', async () => {
    const stack = await start();
    for (const status of [400, 403, 404]) {
      stack.linode.clearFaults();
      stack.linode.fault({ status, body: '<html>', headers: { 'content-type': 'text/html' } });
      const asked = askAll(stack, invented(6, `198.51.100.${status % 256}`));
      const statuses = await whileTimePasses(stack.clock, 500, asked);
      expect([status, passed(statuses)]).toEqual([status, PER_MINUTE]);
    }
  });

  it('by a token that Linode revoked', async () => {
    const stack = await start(4);
    expect(await askAll(stack, [{ token: 'alice-full' }])).toEqual([200]);
    stack.linode.fault({ token: 'alice-full', status: 401, body: { errors: [{ reason: 'Invalid Token' }] } });
    stack.clock.advance(10_000);
    // The first of them is still counted by token, until Linode has refused it.
    const statuses = await askAll(
      stack,
      times(12, (i) => ({ token: i % 2 === 0 ? 'alice-full' : `invented-${i}` })),
    );
    expect(passed(statuses)).toBe(1 + 4);
  });
});

describe('tokens that Linode has not accepted', () => {
  it('reach Linode in a bounded number from one address, however high the limit', async () => {
    const stack = await start(1000);
    const statuses = await askAll(stack, invented(50));
    expect(passed(statuses)).toBe(20);
    expect(stack.linode.requests.length).toBe(20);
    expect(await askAll(stack, anonymous(1))).toEqual([200]);
    expect(await askAll(stack, [{ token: 'alice-full', ip: '192.0.2.2' }])).toEqual([200]);
  });

  it('are bounded by the window', async () => {
    const stack = await start(1000);
    await askAll(stack, invented(21));
    stack.clock.advance(60_000);
    expect(await askAll(stack, [{ token: 'alice-full' }])).toEqual([200]);
  });
});

describe('a token that Linode accepts', () => {
  it('passes where its address has spent the limit', async () => {
    const stack = await start();
    await askAll(stack, [{ token: 'alice-full' }]);
    expect(passed(await askAll(stack, [...anonymous(6), ...invented(6)]))).toBe(PER_MINUTE);
    expect(
      await askAll(
        stack,
        times(3, () => ({ token: 'alice-full' })),
      ),
    ).toEqual([200, 200, 429]);
  });

  it('costs its address nothing: many users may share one', async () => {
    const stack = await start();
    const tokens = times(30, (i) => `user-${i}`);
    stack.linode.addAccount({ tokens: tokens.map((token) => ({ token, username: token, scopes: '*' })) });
    expect(
      passed(
        await askAll(
          stack,
          tokens.map((token) => ({ token })),
        ),
      ),
    ).toBe(30);
    expect(passed(await askAll(stack, anonymous(6)))).toBe(PER_MINUTE);
  });

  it.each([
    ['lacks a scope', 'linodes:read_only', '{ images { totalCount } }'],
    [
      'lacks a scope for a write',
      'images:read_only',
      'mutation { deleteImage(input: { id: "private/1" }) { deletedImageId } }',
    ],
    [
      'asks for what does not exist',
      'images:read_write',
      'mutation { deleteImage(input: { id: "private/1" }) { deletedImageId } }',
    ],
  ])('is accepted though it %s', async (_, scopes, query) => {
    const stack = await start();
    stack.linode.addAccount({ tokens: [{ token: 'dora', username: 'dora', scopes }] });
    const statuses = [];
    for (let i = 0; i < 5; i++) {
      const how = { token: 'dora', headers: { 'x-forwarded-for': `192.0.2.${i}` } };
      statuses.push((await stack.gateway.ask(query, how)).status);
    }
    expect(statuses.slice(0, 3)).not.toContain(429);
    expect(statuses.slice(3)).toEqual([429, 429]);
  });

  it('counts by token its requests from before, so that a burst from many addresses is no way around', async () => {
    const stack = await start();
    const requests = times(12, (i) => ({ token: 'alice-full', ip: `192.0.2.${i}` }));
    await Promise.all(requests.map((request) => ask(stack, request)));
    expect(await askAll(stack, [{ token: 'alice-full', ip: '192.0.2.200' }])).toEqual([429]);
  });
});
