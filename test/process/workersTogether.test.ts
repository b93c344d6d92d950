import { expect, it } from '@jest/globals';
import { builtWorkers } from '../support/builtWorkers.js';
import { until } from '../support/until.js';

const stack = builtWorkers();
const { open, ask, get, post, said, pids } = stack;

const IMAGES = '{ images { totalCount } }';

/** One sample of `/metrics`, by its name and labels as written. */
const sample = async (name: string): Promise<number> => {
  const { body } = await get('/metrics');
  const line = body.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
};

it('two workers tell what both of them counted, whichever is asked', async () => {
  await open();
  await Promise.all(Array.from({ length: 40 }, () => ask(IMAGES)));
  await until(() => said('operation').length === 40, '40 operations in the log');
  expect(pids().size).toBe(2);
  for (let i = 0; i < 8; i++) {
    expect(await sample('gateway_operations_total{operation="anonymous",type="query",outcome="ok"}')).toBe(
      40,
    );
    expect(await sample('gateway_upstream_calls_total{kind="list",status="200"}')).toBe(1);
    expect(await sample('gateway_ready')).toBe(1);
  }
});

it("two workers hold a caller's limit together", async () => {
  await open({ RATE_LIMIT_PER_MINUTE: '10' });
  const replies = await Promise.all(Array.from({ length: 40 }, () => post(IMAGES)));
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(30);
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(10);
  expect(refused.every(({ headers }) => Number(headers['retry-after']) > 0)).toBe(true);
  await until(() => said('request').length === 30, '30 requests in the log');
  expect(new Set(said('request').map(({ pid }) => pid)).size).toBe(2);
  expect((await post(IMAGES, 'bob-full')).status).toBe(200);
});
