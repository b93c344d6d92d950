import { describe, expect, it } from '@jest/globals';
import { probeUntilAnswered } from '../../../src/linode/client/probe.js';
import type { Transport, WireRequest } from '../../../src/linode/client/transport.js';
import { manualClock } from '../../support/manualClock.js';

/** A Linode that answers what it is told, and whose answers are seen through before the test goes on. */
function probe(answer: (nth: number) => number | Error) {
  const clock = manualClock();
  const asked: WireRequest[] = [];
  let answers = 0;
  const transport: Transport = {
    send: async (request) => {
      asked.push(request);
      const status = answer(asked.length);
      if (status instanceof Error) throw status;
      return { status, headers: {}, body: '' };
    },
    close: async () => undefined,
  };
  const stop = probeUntilAnswered({ transport, clock, userAgent: 'test', onAnswer: () => answers++ });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number): Promise<void> => {
    await settle();
    clock.advance(ms);
    await settle();
  };
  return { asked, pass, stop, answers: () => answers };
}

describe('the probe of Linode', () => {
  it('asks at once for the regions, without a token', async () => {
    const { asked, pass, answers } = probe(() => 200);
    await pass(0);
    expect(asked.map(({ method, path, headers }) => [method, path, headers['authorization']])).toEqual([
      ['GET', '/regions', undefined],
    ]);
    expect(answers()).toBe(1);
  });

  it('asks again after pauses that double up to ten seconds', async () => {
    const { asked, pass } = probe((nth) => (nth % 2 ? 502 : new Error('refused')));
    for (const [i, pauseMs] of [500, 1000, 2000, 4000, 8000, 10_000, 10_000].entries()) {
      await pass(pauseMs - 1);
      expect(asked).toHaveLength(i + 1);
      await pass(1);
      expect(asked).toHaveLength(i + 2);
    }
  });

  it('takes a rate limit for an answer, and asks no more after one', async () => {
    const { asked, pass, answers } = probe((nth) => (nth === 2 ? 429 : 503));
    await pass(500);
    await pass(3_600_000);
    expect([asked.length, answers()]).toEqual([2, 1]);
  });

  it('takes a page of something else for none', async () => {
    const { pass, answers } = probe(() => 404);
    await pass(500);
    expect(answers()).toBe(0);
  });

  it('stops when the gateway closes', async () => {
    const { asked, pass, stop } = probe(() => 503);
    await pass(0);
    stop();
    await pass(60_000);
    expect(asked).toHaveLength(1);
  });
});
