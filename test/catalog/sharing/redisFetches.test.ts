import { describe, expect, it } from '@jest/globals';
import { positionAt } from '../../../src/catalog/sequence.js';
import { STORE, TAKE } from '../../../src/catalog/sharing/fetchScripts.js';
import { RedisSharing } from '../../../src/catalog/sharing/redisSharing.js';
import { Cancellation } from '../../../src/cancellation.js';
import { systemClock } from '../../../src/clock.js';
import { Codec } from '../../../src/redis/codec.js';
import { RedisUnavailable, type Script } from '../../../src/redis/redis.js';
import { until } from '../../support/until.js';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.js';

const SCOPE = { callerKey: 'caller', changesWithImages: true, name: 'list' };
const TIMEOUT_MS = 5000;

/** @param loses the first response to this script, which Redis runs all the same */
async function join(server: TestRedis, loses?: Script) {
  const redis = await server.connect(TIMEOUT_MS);
  let isLost = false;
  const run: typeof redis.run = async (script, keys, args) => {
    const isFirst = script === loses && !isLost;
    if (isFirst && script === STORE) {
      isLost = true;
      throw new RedisUnavailable('lost');
    }
    const reply = await redis.run(script, keys, args);
    if (!isFirst) return reply;
    isLost = true;
    throw new RedisUnavailable('lost');
  };
  const lossy = Object.assign(Object.create(redis) as typeof redis, {
    run,
    subscribe: redis.subscribe.bind(redis),
    publish: redis.publish.bind(redis),
    onState: redis.onState.bind(redis),
    close: redis.close.bind(redis),
  });
  const sharing = new RedisSharing({ redis: lossy, codec: new Codec(), clock: systemClock });
  await sharing.start();
  return sharing;
}

function share<T>({ fetches }: RedisSharing, fetch: () => Promise<T>, since = 0) {
  const at = systemClock.now();
  const terms = { deadlineAt: at + 60_000, signal: new Cancellation().signal };
  return fetches.share(SCOPE, since, terms, { at, seq: positionAt(at) }, fetch);
}

(hasRedis() ? describe : describe.skip)('one fetch for several processes', () => {
  it.each([
    ['the release of its lock', STORE],
    ['the lock that it took', TAKE],
  ])('does not make others wait for one that lost %s', async (_, script) => {
    const server = await startRedis();
    const [a, b] = [await join(server, script), await join(server)];
    expect((await share(a, () => Promise.resolve('first'))).value).toBe('first');
    expect((await share(b, () => Promise.resolve('second'))).value).toBe('first');
    await Promise.all([a.close(), b.close()]);
  });

  it('stores nothing that began before a write has ended', async () => {
    const server = await startRedis();
    const [a, b] = [await join(server), await join(server)];
    let release: ((value: string) => void) | undefined;
    const listing = share(a, () => new Promise<string>((resolve) => (release = resolve)));
    await until(() => release !== undefined, 'the lock');
    await b.announce({ callerKey: SCOPE.callerKey, kind: 'list' });
    release?.('before');
    expect((await listing).value).toBe('before');
    expect((await share(b, () => Promise.resolve('after'))).value).toBe('after');
    await Promise.all([a.close(), b.close()]);
  });

  it('takes nothing that is older than the reading allows', async () => {
    const server = await startRedis();
    const [a, b] = [await join(server), await join(server)];
    await share(a, () => Promise.resolve('old'));
    const since = positionAt(systemClock.now());
    expect((await share(b, () => Promise.resolve('new'), since)).value).toBe('new');
    await Promise.all([a.close(), b.close()]);
  });
});
