import { describe, expect, it } from '@jest/globals';
import { callerOf } from '../../src/linode/caller.js';
import { until } from '../support/house.js';
import { workerHouse } from '../support/workerGateways.js';

const house = workerHouse({ protection: { rateLimitPerMinute: 100 } });

const token = 'alice-full';
const worker = () => {
  const [found] = house.cluster.workers;
  if (!found) throw new Error('no such worker');
  return found;
};
const ask = () => house.gateways[0].ask('{ images { totalCount } }', { token });
const waits = () => until(() => worker().asker.openCount === 1);

describe('while the primary does not answer', () => {
  it('a request that cannot be counted is refused after five seconds, and may come again', async () => {
    worker().mute();
    const asked = ask();
    await waits();
    house.clock.advance(4999);
    expect(worker().asker.openCount).toBe(1);
    house.clock.advance(1);
    const { status, headers, errors } = await asked;
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(errors).toMatchObject([{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }]);
    expect(house.gateways[0].bugs).toEqual([]);
    expect(worker().asker.openCount).toBe(0);
    expect(house.gateways[0].unreadiness()).toBe('overloaded');
  });

  it('metrics are refused, for a part of them would look like a restart', async () => {
    worker().mute();
    const asked = fetch(new URL('/metrics', house.gateways[0].url));
    await waits();
    house.clock.advance(5000);
    const answer = await asked;
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    expect(house.gateways[0].bugs).toEqual([]);
  });

  it('an operation that was counted ends at its deadline', async () => {
    house.linode.fault({ path: '/images', before: () => new Promise<void>(() => undefined) });
    const asked = ask();
    await until(() => house.linode.requests.length === 1);
    worker().mute();
    house.clock.advance(10_000);
    const { status, errors } = await asked;
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  });

  it('progress is told as the event tells it', async () => {
    worker().mute();
    const told = worker().catalogs.highWater.reach(callerOf(token), 'a capture', 40);
    await waits();
    house.clock.advance(5000);
    expect(await told).toBe(40);
  });
});
