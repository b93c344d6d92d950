import { describe, expect, it } from '@jest/globals';
import { probeUntilAnswered } from '../../../src/linode/client/probe.js';
import { LinodeTimeout, LinodeUnavailable } from '../../../src/linode/errors.js';
import type { Transport, WireRequest, WireResponse } from '../../../src/linode/client/wire.js';
import { manualClock } from '../../support/manualClock.js';

/** A Linode with these responses, each of which is processed before the test goes on. */
function probe(answer: (nth: number) => number | Error | Partial<WireResponse>) {
  const clock = manualClock();
  const asked: WireRequest[] = [];
  const problems: string[] = [];
  let answers = 0;
  const transport: Transport = {
    send: async (request) => {
      asked.push(request);
      const given = answer(asked.length);
      if (given instanceof Error) throw given;
      const response = typeof given === 'number' ? { status: given } : given;
      return { status: 200, headers: {}, body: '{"data":[]}', ...response };
    },
    close: async () => undefined,
  };
  const stop = probeUntilAnswered({
    transport,
    clock,
    userAgent: 'test',
    onAnswer: () => answers++,
    onFailure: (problem) => problems.push(problem),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number): Promise<void> => {
    await settle();
    clock.advance(ms);
    await settle();
  };
  return { asked, pass, stop, problems, answers: () => answers };
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

  it('retries after pauses that double up to ten seconds', async () => {
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

  const facts = { method: 'GET', path: '/regions' };
  const refused = (code: string, message = '') =>
    new LinodeUnavailable('Linode could not be reached', { ...facts, cause: { code, message } });

  it.each<[string, Partial<WireResponse> | Error, string]>([
    [
      'a doubled or missing version path',
      { status: 404, body: '{"errors":[{"reason":"Not found"}]}' },
      'GET /regions responded with 404: check the host and the version path of LINODE_API_URL',
    ],
    [
      'a redirect',
      { status: 301, headers: { location: 'https://login.example.com/' } },
      'GET /regions responded with 301 (to https://login.example.com/)',
    ],
    ['a gateway error', { status: 502 }, 'GET /regions responded with 502'],
    [
      'another site',
      { body: '<html>Welcome</html>' },
      'LINODE_API_URL responds with something else than the Linode API',
    ],
    [
      'an unknown host',
      refused('ENOTFOUND'),
      'Linode could not be reached (ENOTFOUND): check LINODE_API_URL, and HTTPS_PROXY if a proxy is needed',
    ],
    [
      'a blocked connection',
      new LinodeTimeout('Linode did not respond in time', facts),
      'Linode could not be reached (no response within 5 s): check LINODE_API_URL, and HTTPS_PROXY if a proxy is needed',
    ],
    [
      'a proxy that refuses',
      refused('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling'),
      'Linode could not be reached (Proxy response (407) !== 200 when HTTP Tunneling): check LINODE_API_URL, and HTTPS_PROXY if a proxy is needed',
    ],
  ])('reports %s', async (_, response, problem) => {
    const { asked, pass, answers, problems } = probe(() => response);
    await pass(500);
    await pass(1000);
    expect([asked.length, answers(), problems]).toEqual([3, 0, [problem]]);
  });

  it('stops when the gateway closes', async () => {
    const { asked, pass, stop } = probe(() => 503);
    await pass(0);
    stop();
    await pass(60_000);
    expect(asked).toHaveLength(1);
  });
});
