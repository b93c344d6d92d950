import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { askAt, startBuiltProcess, type BuiltProcess } from '../support/builtProcess.js';
import { atDepth } from '../support/depth.js';
import { hasRedis, startRedis } from '../support/redis.js';
import { LIST } from '../support/stack.js';
import { until } from '../support/until.js';

const AUTHORIZATION = { authorization: 'Bearer alice-full' };
const ID = 'private/23849731';

interface Answer {
  data: { images: { totalCount: number; nodes: { label: string }[] } };
  errors?: unknown;
}

const running: BuiltProcess[] = [];
let linode: Sandbox;

async function start(env: Record<string, string>, execArgv: string[] = []): Promise<BuiltProcess> {
  const built = await startBuiltProcess({
    env: { LINODE_API_URL: linode.url, IMAGES_MAX_AGE_SECONDS: '60', ...env },
    execArgv,
  });
  running.push(built);
  return built;
}

beforeEach(async () => {
  linode = await startSandbox();
});

afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ ended }) => ended));
  await linode.close();
});

/** Lets no module load ioredis. */
const HOOK = `export function resolve(name, context, next) {
  if (name === 'ioredis') throw new Error('ioredis is loaded');
  return next(name, context);
}`;
const dataUrl = (script: string): string =>
  `data:text/javascript;base64,${Buffer.from(script).toString('base64')}`;
const WITHOUT_IOREDIS = [
  '--import',
  dataUrl(`import { register } from 'node:module'; register('${dataUrl(HOOK)}');`),
];

it('loads no Redis client without REDIS_URL', async () => {
  const { url } = await start({}, WITHOUT_IOREDIS);
  expect(await askAt<Answer>(url, '{ images { totalCount } }')).not.toHaveProperty('errors');
  const ready = await fetch(new URL('/health/ready', url));
  expect(await ready.json()).not.toHaveProperty('redis');
  await expect(start({ REDIS_URL: 'redis://127.0.0.1:1' }, WITHOUT_IOREDIS)).rejects.toThrow(
    'ioredis is loaded',
  );
});

it('does not start with WORKERS and REDIS_URL, and prints no password', async () => {
  const both = start({ REDIS_URL: 'redis://:hidden@127.0.0.1:1', WORKERS: '2' });
  await expect(both).rejects.toThrow('WORKERS above 1 cannot be combined with REDIS_URL');
  const wrong = start({ REDIS_URL: 'http://:hidden@127.0.0.1:1', REDIS_ENCRYPTION_KEY: 'hidden' }).catch(
    (error: unknown) => String(error),
  );
  expect(await wrong).toContain('REDIS_URL must be a redis:// or rediss:// URL');
  expect(await wrong).toContain('REDIS_ENCRYPTION_KEY must be keys of 32 bytes');
  expect(await wrong).not.toContain('hidden');
});

it('starts and works alone while Redis cannot be reached', async () => {
  const { url, output } = await start({ REDIS_URL: 'redis://127.0.0.1:1' });
  expect(await askAt<Answer>(url, '{ images { totalCount } }')).not.toHaveProperty('errors');
  await until(() => output().includes('Redis is away'), 'the line in the log');
  await until(async () => {
    const ready = await fetch(new URL('/health/ready', url));
    return ready.status === 200 && ((await ready.json()) as { redis: string }).redis === 'away';
  }, 'readiness with its detail');
});

(hasRedis() ? describe : describe.skip)('three real processes and one Redis', () => {
  it('list once, and see each write at once', async () => {
    const server = await startRedis();
    const key = Buffer.alloc(32, 7).toString('base64');
    // A busy machine takes longer than 50 ms without an outage.
    const env = {
      REDIS_URL: server.url,
      REDIS_ENCRYPTION_KEY: key,
      REDIS_TIMEOUT_MS: '5000',
      // One caller sends thousands of requests at once, and none is to be refused.
      MAX_CONCURRENT_OPERATIONS: '100000',
      MAX_EVENT_LOOP_LAG_MS: '60000',
    };
    const processes = await Promise.all([start(env), start(env), start(env)]);
    const ask = (i: number, query: string) =>
      askAt<Answer>(processes[i % 3]?.url ?? '', query, AUTHORIZATION);

    const cold = await Promise.all(
      Array.from({ length: atDepth(300, 10_000) }, (_, i) =>
        ask(i, '{ images(first: 5) { totalCount nodes { label } } }'),
      ),
    );
    expect(new Set(cold.map((answer) => JSON.stringify(answer))).size).toBe(1);
    for (let i = 0; i < atDepth(60, 1000); i++) {
      const { errors } = await ask(i, `{ images(first: ${1 + (i % 499)}, offset: ${i % 7}) { totalCount } }`);
      expect(errors).toBeUndefined();
    }
    expect(linode.count(LIST)).toBe(1);

    const writes = atDepth(12, 60);
    for (let i = 0; i < writes; i++) {
      const label = `label-${i}`;
      await ask(i, `mutation { updateImage(input: { id: "${ID}", label: "${label}" }) { image { id } } }`);
      const { data } = await ask(
        i + 1,
        `{ images(filter: { id: ["${ID}"] }) { totalCount nodes { label } } }`,
      );
      expect(data.images.nodes).toEqual([{ label }]);
    }
    expect(linode.count(/^PUT /)).toBe(writes);
    expect(linode.count(LIST)).toBe(1);

    const stored = await (await server.connect()).run({ lua: DUMP }, []);
    expect(String(stored)).toContain('fetched');
    expect(String(stored)).not.toContain('alice-full');
    expect(String(stored)).not.toContain('label-');
  }, 120_000);
});

/** All keys and values. */
const DUMP = `
  local all = {}
  for _, key in ipairs(redis.call('KEYS', '*')) do
    local kind = redis.call('TYPE', key).ok
    local value = kind == 'hash' and redis.call('HGETALL', key) or kind == 'zset' and redis.call('ZRANGE', key, 0, -1)
    all[#all + 1] = key .. ' ' .. (value and table.concat(value, ' ') or '')
  end
  return table.concat(all, ' ')`;
