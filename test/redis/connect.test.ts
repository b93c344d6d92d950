import { describe, expect, it } from '@jest/globals';
import { RedisUnavailable, type Redis } from '../../src/redis/redis.js';
import { hasRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const value = (text: string): Buffer => Buffer.from(text);

const degraded = (redis: Redis) => until(() => redis.state === 'degraded', 'the circuit to open');
const connected = (redis: Redis) => until(() => redis.state === 'connected', 'the circuit to close');

(hasRedis() ? describe : describe.skip)('Redis behind the port', () => {
  it('stores values with a lifetime', async () => {
    const redis = await (await startRedis()).connect();
    expect(redis.state).toBe('connected');
    expect(await redis.get('a')).toBeNull();
    await redis.set('a', value('1'), 60_000);
    expect(await redis.get('a')).toEqual(value('1'));
    await redis.set('a', value('2'), 1);
    await until(async () => (await redis.get('a')) === null, 'the value to expire');
    await redis.set('a', value('3'), 60_000);
    await redis.delete('a');
    expect(await redis.get('a')).toBeNull();
  });

  it('sets a value only over the one that is expected', async () => {
    const redis = await (await startRedis()).connect();
    expect(await redis.compareAndSet('a', null, value('1'), 60_000)).toBe(true);
    expect(await redis.compareAndSet('a', null, value('2'), 60_000)).toBe(false);
    expect(await redis.compareAndSet('a', value('1'), value('2'), 60_000)).toBe(true);
    expect(await redis.get('a')).toEqual(value('2'));
    expect(await redis.compareAndSet('a', value('2'), null, 60_000)).toBe(true);
    expect(await redis.get('a')).toBeNull();
  });

  it('locks for one process at a time, and releases no lock of another', async () => {
    const server = await startRedis();
    const [a, b] = [await server.connect(), await server.connect()];
    const first = await a.lock('lock', 60_000);
    expect(first).not.toBeNull();
    expect(await b.lock('lock', 60_000)).toBeNull();
    await first?.release();
    expect(await b.lock('lock', 60_000)).not.toBeNull();
    await first?.release();
    expect(await a.lock('lock', 60_000)).toBeNull();
  });

  it('runs scripts, also after Redis has forgotten them', async () => {
    const redis = await (await startRedis()).connect();
    const script = { lua: `return { KEYS[1], ARGV[1], 7, false }` };
    const expected = [value('k'), value('v'), 7, null];
    expect(await redis.run(script, ['k'], ['v'])).toEqual(expected);
    await redis.run({ lua: `return redis.call('SCRIPT', 'FLUSH')` }, []).catch(() => undefined);
    expect(await redis.run(script, ['k'], ['v'])).toEqual(expected);
  });

  it('passes messages to all subscribers, also after a restart', async () => {
    const server = await startRedis();
    const [a, b] = [await server.connect(), await server.connect()];
    const received: string[] = [];
    const end = b.subscribe('news', (message) => received.push(message.toString()));
    const arrives = (text: string) =>
      until(async () => {
        await a.publish('news', value(text)).catch(() => undefined);
        return received.includes(text);
      }, `the message ${text}`);
    await arrives('one');
    await server.kill();
    await degraded(a);
    await server.start();
    await connected(a);
    await arrives('two');
    end();
  });

  it('fails at once while Redis is down, and comes back by itself', async () => {
    const server = await startRedis();
    const redis = await server.connect();
    const states: string[] = [];
    redis.onState((state) => states.push(state));
    await server.kill();
    await expect(redis.get('a')).rejects.toThrow(RedisUnavailable);
    await degraded(redis);
    await expect(redis.get('a')).rejects.toThrow('Redis is away');
    await server.start();
    await connected(redis);
    expect(await redis.get('a')).toBeNull();
    expect(states).toEqual(['degraded', 'connected']);
  });

  it('waits for a Redis that stands still once, and not in every command', async () => {
    const server = await startRedis();
    const redis = await server.connect();
    server.pause();
    const results: boolean[] = [];
    redis.onCommand((_, isSuccess) => results.push(isSuccess));
    await Promise.allSettled([redis.get('a'), redis.get('b')]);
    for (let i = 0; i < 100; i++) await expect(redis.get('a')).rejects.toThrow(RedisUnavailable);
    expect(results).toEqual([false, false]);
    server.resume();
    await connected(redis);
  });

  it('is degraded while Redis is full', async () => {
    const server = await startRedis(['--maxmemory', '1kb', '--maxmemory-policy', 'noeviction']);
    const redis = await server.connect();
    expect(redis.state).toBe('degraded');
  });

  it('starts without Redis, degraded', async () => {
    const server = await startRedis();
    await server.kill();
    const redis = await server.connect();
    expect(redis.state).toBe('degraded');
    await expect(redis.get('a')).rejects.toThrow(RedisUnavailable);
    await server.start();
    await connected(redis);
  });

  it('deletes what a script cannot read, so that the next one can', async () => {
    const redis = await (await startRedis()).connect();
    const append = { lua: `return redis.call('RPUSH', KEYS[1], 'x')` };
    await redis.set('a', value('no list'), 60_000);
    await expect(redis.run(append, ['a'])).rejects.toThrow(RedisUnavailable);
    expect(redis.state).toBe('connected');
    await until(async () => (await redis.run(append, ['a']).catch(() => 0)) === 1, 'the key to be free');
  });
});
