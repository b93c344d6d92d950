import { describe, expect, it } from '@jest/globals';
import { hasRedis } from '../../support/redis.js';
import { startRedisGateways } from '../../support/redisGateways.js';

(hasRedis() ? describe : describe.skip)('the rate limit of one process', () => {
  it('counts by token what Linode has accepted for another process', async () => {
    const { gateways, close } = await startRedisGateways(2, {
      gateway: { settings: { maxAgeMs: 60_000 }, protection: { rateLimitPerMinute: 3 } },
    });
    const statuses = async (i: number, token: string | null, requests: number) => {
      const all = [];
      for (let n = 0; n < requests; n++) {
        all.push((await gateways[i]?.ask('{ images { totalCount } }', { token }))?.status);
      }
      return all;
    };
    expect(await statuses(0, 'alice-full', 1)).toEqual([200]);
    expect(await statuses(1, 'alice-full', 3)).toEqual([200, 200, 200]);
    // Had they counted by address, nothing would be left of its limit.
    expect(await statuses(1, null, 3)).toEqual([200, 200, 200]);
    expect(await statuses(1, null, 1)).toEqual([429]);
    await close();
  });
});
