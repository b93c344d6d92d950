import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox();
  gateway = await startTestGateway({
    linodeApiUrl: linode.url,
    protection: { rateLimitPerMinute: 3, trustProxyHops: 1 },
  });
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

const ask = (how: { token?: string; ip: string }) =>
  gateway.ask('{ __typename }', { token: how.token ?? null, headers: { 'x-forwarded-for': how.ip } });

describe('the inbound rate limit', () => {
  it('holds for one caller by its token, wherever it comes from, and for no other', async () => {
    const statuses = [];
    for (let i = 0; i < 5; i++)
      statuses.push((await ask({ token: 'alice-full', ip: `192.0.2.${i}` })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await ask({ token: 'bob-full', ip: '192.0.2.1' })).status).toBe(200);
  });

  it('holds for callers without a token by their address', async () => {
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await ask({ ip: '198.51.100.1' })).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await ask({ ip: '198.51.100.2' })).status).toBe(200);
  });

  it('says when to come again', async () => {
    for (let i = 0; i < 3; i++) await ask({ ip: '198.51.100.9' });
    const { headers, errors } = await ask({ ip: '198.51.100.9' });
    const { code, retryAfterSeconds } = errors[0]?.extensions ?? {};
    expect(code).toBe('RATE_LIMITED');
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(headers.get('retry-after')).toBe(String(retryAfterSeconds));
  });

  it('leaves health alone', async () => {
    for (let i = 0; i < 5; i++) expect((await fetch(new URL('/health/live', gateway.url))).status).toBe(200);
  });
});
