import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/clock.js';
import { callerOf } from '../../../src/linode/caller.js';
import { RateBudget } from '../../../src/linode/client/rateBudget.js';
import { RedisBudget } from '../../../src/linode/client/redisBudget.js';
import { Peers } from '../../../src/peers/peers.js';
import { RedisTransport } from '../../../src/peers/redisTransport.js';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.js';

const CALLER = callerOf('token');
/** Far longer than a busy machine needs. */
const TIMEOUT_MS = 5000;

async function join(server: TestRedis, name: string) {
  const redis = await server.connect(TIMEOUT_MS);
  const transport = new RedisTransport(redis, name);
  const peers: Peers = new Peers(name, systemClock, transport, {
    apply: () => undefined,
    applyUnknown: () => undefined,
    restore: () => budget.restore(),
  });
  transport.listen(peers);
  const budget: RateBudget = new RateBudget(systemClock, new RedisBudget(redis, peers, CALLER));
  await peers.start();
  return { redis, peers, budget };
}

(hasRedis() ? describe : describe.skip)('one budget in Redis', () => {
  it('grants 15 lists to three processes together, and a released one again', async () => {
    const server = await startRedis();
    const processes = await Promise.all(['a', 'b', 'c'].map((name) => join(server, name)));
    const budgetOf = (i: number) => (processes[i % 3] as (typeof processes)[number]).budget;
    const reservations = await Promise.all(
      Array.from({ length: 40 }, (_, i) => budgetOf(i).reserveInAll('list')),
    );
    const granted = reservations.filter(({ waitMs }) => waitMs === 0);
    expect(granted).toHaveLength(15);
    for (const { waitMs } of reservations) expect(waitMs).toBeLessThanOrEqual(60_000);
    granted[0]?.release();
    await settled(async () => expect((await budgetOf(1).reserveInAll('list')).waitMs).toBe(0));
    expect((await budgetOf(2).reserveInAll('list')).waitMs).toBeGreaterThan(0);
    for (const { peers } of processes) await peers.close();
  });

  it('reserves all of several calls or none, and leaves the last list to interactive reads', async () => {
    const [a, b] = await two(await startRedis());
    expect((await a.budget.reserveInAll('list', 10)).waitMs).toBe(0);
    expect((await b.budget.reserveInAll('list', 6)).waitMs).toBeGreaterThan(0);
    expect((await b.budget.reserveInAll('list', 4)).waitMs).toBe(0);
    expect((await a.budget.reserveInAll('list', 1, 'background')).waitMs).toBeGreaterThan(0);
    expect((await a.budget.reserveInAll('list')).waitMs).toBe(0);
    await leave(a, b);
  });

  it('pauses all processes after a 429', async () => {
    const [a, b] = await two(await startRedis());
    a.budget.recordResponse('view', 429, { 'retry-after': '20' });
    await settled(async () => {
      const { waitMs } = await b.budget.reserveInAll('view');
      expect(waitMs).toBeGreaterThan(15_000);
      expect(waitMs).toBeLessThanOrEqual(20_000);
    });
    expect((await b.budget.reserveInAll('list')).waitMs).toBe(0);
    await leave(a, b);
  });

  it('lets writes pass', async () => {
    const [a, b] = await two(await startRedis());
    for (const { budget } of [a, b, a]) expect((await budget.reserveInAll('write')).waitMs).toBe(0);
    await leave(a, b);
  });

  it('counts again what Redis has lost', async () => {
    const server = await startRedis();
    const [a, b] = await two(server);
    expect((await a.budget.reserveInAll('list', 14)).waitMs).toBe(0);
    await a.redis.run({ lua: `return redis.call('FLUSHALL')` }, []);
    // Each finds that the log is another one, and reports its calls.
    await settled(async () => {
      await a.redis.run({ lua: 'return 1' }, []);
      expect(a.peers.incarnation).toBe(b.peers.incarnation);
      expect(await a.redis.run({ lua: `return redis.call('DBSIZE')` }, [])).toBeGreaterThanOrEqual(3);
    });
    const { waitMs } = await b.budget.reserveInAll('list', 5);
    expect(waitMs).toBeGreaterThan(0);
    await leave(a, b);
  });

  it('grants each process its share while Redis is away', async () => {
    const server = await startRedis();
    const [a, b] = await two(server);
    await settled(async () => {
      await Promise.resolve();
      expect([a.peers.known, b.peers.known]).toEqual([2, 2]);
    });
    await server.kill();
    await settled(async () => {
      await Promise.resolve();
      expect([a, b].map(({ peers }) => peers.aloneSince !== undefined)).toEqual([true, true]);
    });
    let granted = 0;
    for (let i = 0; i < 20; i++) if ((await a.budget.reserveInAll('list')).waitMs === 0) granted++;
    // A third of 15, for two, in the first minute.
    expect(granted).toBe(2);
    await leave(a, b);
  });
});

const two = async (server: TestRedis) => [await join(server, 'a'), await join(server, 'b')] as const;

async function leave(...processes: readonly { peers: Peers }[]): Promise<void> {
  for (const { peers } of processes) await peers.close();
}

/** Tries until it holds. */
async function settled(check: () => Promise<void>): Promise<void> {
  for (let left = 400; ; left--) {
    try {
      await check();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
