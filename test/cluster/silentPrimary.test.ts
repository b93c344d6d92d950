import { describe, expect, it } from '@jest/globals';
import { callerOf } from '../../src/linode/caller.js';
import type { TestWorker } from '../support/cluster.js';
import { workerStack, type WorkerStack } from '../support/workerGateways.js';
import { until } from '../support/until.js';

const token = 'alice-full';
const IMAGES = '{ images { totalCount } }';

/** A worker whose questions get no answer from now on. */
function unheard({ cluster }: WorkerStack): TestWorker {
  const [worker] = cluster.workers;
  if (!worker) throw new Error('no such worker');
  worker.mute();
  return worker;
}
const asks = ({ asker }: TestWorker) =>
  until(() => asker.openCount === 1, 'a call from the worker to the primary');

describe('while the primary does not answer', () => {
  const stack = workerStack();

  it('a read ends at the deadline of its operation', async () => {
    const worker = unheard(stack);
    const asked = stack.gateways[0].ask(IMAGES, { token });
    await asks(worker);
    stack.clock.advance(10_000);
    // A primary that is there would tell now what came of it.
    stack.clock.advance(1000);
    const { status, errors } = await asked;
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    expect(worker.asker.openCount).toBe(0);
  });

  it('a write ends there too, and may have happened', async () => {
    const worker = unheard(stack);
    const asked = stack.gateways[0].ask(
      'mutation { updateImage(input: { id: "private/23849498", label: "renamed" }) { image { id } } }',
      { token },
    );
    await asks(worker);
    stack.clock.advance(10_000);
    stack.clock.advance(1000);
    const { errors } = await asked;
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT', outcome: 'unknown' } }]);
    expect(worker.asker.openCount).toBe(0);
  });

  it('metrics are refused after five seconds, for a part of them would look like a restart', async () => {
    const worker = unheard(stack);
    const asked = fetch(new URL('/metrics', stack.gateways[0].url));
    await asks(worker);
    stack.clock.advance(5000);
    const answer = await asked;
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    expect(stack.gateways[0].bugs).toEqual([]);
  });

  it('progress is told as the event tells it', async () => {
    const worker = unheard(stack);
    const told = worker.catalogs.highWaterMark.reach(callerOf(token), 'a capture', 40);
    await asks(worker);
    stack.clock.advance(5000);
    expect(await told).toBe(40);
  });
});

describe('while the primary does not count', () => {
  const stack = workerStack({ protection: { rateLimitPerMinute: 100 } });

  it('a request is refused after five seconds, and may come again', async () => {
    const worker = unheard(stack);
    const asked = stack.gateways[0].ask(IMAGES, { token });
    await asks(worker);
    stack.clock.advance(4999);
    expect(worker.asker.openCount).toBe(1);
    stack.clock.advance(1);
    const { status, headers, errors } = await asked;
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(errors).toMatchObject([{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }]);
    expect(stack.gateways[0].bugs).toEqual([]);
    expect(stack.gateways[0].unreadiness()).toBe('overloaded');
  });
});
