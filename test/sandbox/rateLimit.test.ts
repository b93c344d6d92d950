import { describe, expect, it } from '@jest/globals';
import { startTestSandbox, NOW, type TestSandbox } from './harness.js';

async function statuses(
  { call }: TestSandbox,
  times: number,
  path = '/images',
  token: string | null = 'alice-full',
) {
  const seen: number[] = [];
  for (let i = 0; i < times; i += 1) seen.push((await call(path, { token })).status);
  return seen;
}

describe('the limit', () => {
  it('for listing images is 20 a minute, reported in headers, then 429', async () => {
    const here = await startTestSandbox();
    const first = await here.call('/images');
    expect(first.headers.get('x-ratelimit-limit')).toBe('20');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('19');
    expect(first.headers.get('x-ratelimit-reset')).toBe(String(NOW / 1000 + 60));
    expect(first.headers.get('retry-after')).toBeNull();

    here.clock.ms += 12_500;
    expect(await statuses(here, 19)).toEqual(Array(19).fill(200));
    const refused = await here.call('/images');
    expect([refused.status, refused.body]).toEqual([429, { errors: [{ reason: 'Too many requests' }] }]);
    expect(refused.headers.get('retry-after')).toBe('48');
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('resets with its window', async () => {
    const here = await startTestSandbox();
    await statuses(here, 21);
    here.clock.ms += 60_000;
    expect(await statuses(here, 1)).toEqual([200]);
  });

  it('for all other calls is 400, independent of the list', async () => {
    const here = await startTestSandbox();
    await statuses(here, 21);
    const { status, headers } = await here.call('/images/linode%2Fdebian12');
    expect(status).toBe(200);
    expect(headers.get('x-ratelimit-limit')).toBe('400');
    expect((await statuses(here, 400, '/images/linode%2Fdebian12')).at(-1)).toBe(429);
  });

  it('is counted per token, and per address without a token', async () => {
    const here = await startTestSandbox();
    await statuses(here, 20);
    expect(await statuses(here, 1, '/images', 'bob-full')).toEqual([200]);
    await statuses(here, 20, '/images', null);
    expect(await statuses(here, 1, '/images', null)).toEqual([429]);
    // Unknown tokens are counted by address too.
    expect(await statuses(here, 1, '/images', 'stolen')).toEqual([429]);
  });

  it('can be set, until a reset', async () => {
    const here = await startTestSandbox();
    here.sandbox.setRateLimit('images', 2);
    expect(await statuses(here, 3)).toEqual([200, 200, 429]);
    here.sandbox.reset();
    expect(await statuses(here, 3)).toEqual([200, 200, 200]);
  });

  it('can be disabled, with its headers', async () => {
    const here = await startTestSandbox({ rateLimits: false });
    expect(new Set(await statuses(here, 30))).toEqual(new Set([200]));
    expect((await here.call('/images')).headers.get('x-ratelimit-limit')).toBeNull();
  });
});
