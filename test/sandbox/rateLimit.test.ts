import { describe, expect, it } from '@jest/globals';
import { ground, NOW, type Ground } from './harness.js';

async function statuses(
  { call }: Ground,
  times: number,
  path = '/images',
  token: string | null = 'alice-full',
) {
  const seen: number[] = [];
  for (let i = 0; i < times; i += 1) seen.push((await call(path, { token })).status);
  return seen;
}

describe('the limit', () => {
  it('on listing images is 20 a minute, told in headers, and ends in a 429', async () => {
    const here = await ground();
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

  it('is over when the window is', async () => {
    const here = await ground();
    await statuses(here, 21);
    here.clock.ms += 60_000;
    expect(await statuses(here, 1)).toEqual([200]);
  });

  it('on everything else is 400, apart from the list', async () => {
    const here = await ground();
    await statuses(here, 21);
    const { status, headers } = await here.call('/images/linode%2Fdebian12');
    expect(status).toBe(200);
    expect(headers.get('x-ratelimit-limit')).toBe('400');
    expect((await statuses(here, 400, '/images/linode%2Fdebian12')).at(-1)).toBe(429);
  });

  it('counts each token by itself, and everybody without one together', async () => {
    const here = await ground();
    await statuses(here, 20);
    expect(await statuses(here, 1, '/images', 'bob-full')).toEqual([200]);
    await statuses(here, 20, '/images', null);
    expect(await statuses(here, 1, '/images', null)).toEqual([429]);
    // A token that nobody has is counted by address too.
    expect(await statuses(here, 1, '/images', 'stolen')).toEqual([429]);
  });

  it('can be set, and is real again after a reset', async () => {
    const here = await ground();
    here.sandbox.setRateLimit('images', 2);
    expect(await statuses(here, 3)).toEqual([200, 200, 429]);
    here.sandbox.reset();
    expect(await statuses(here, 3)).toEqual([200, 200, 200]);
  });

  it('can be off, headers and all', async () => {
    const here = await ground({ rateLimits: false });
    expect(new Set(await statuses(here, 30))).toEqual(new Set([200]));
    expect((await here.call('/images')).headers.get('x-ratelimit-limit')).toBeNull();
  });
});
