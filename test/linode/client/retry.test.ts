import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { getImage as getImageKnowing } from '../../../src/linode/api/images.js';
import { deleteImage, updateImage as updateImageKnowing } from '../../../src/linode/api/imageWrites.js';
import type { CallTerms, LinodeClient } from '../../../src/linode/client/client.js';
import { RetryBudget, withRetries } from '../../../src/linode/client/retry.js';
import { LinodeUnavailable } from '../../../src/linode/errors.js';
import { systemClock } from '../../../src/clock.js';
import { knownImages } from '../../support/knownImages.js';
import { manualClock } from '../../support/manualClock.js';
import { createTestClient, type TestClient } from '../../support/linodeClient.js';
import { http, startWireUpstream, type WireUpstream } from '../../support/wireUpstream.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function before(
  answer: (socket: Socket, n: number, connection: number) => unknown,
): Promise<TestClient & { upstream: WireUpstream }> {
  const upstream = await startWireUpstream((socket, n, request) => answer(socket, n, request.connection));
  const client = createTestClient(upstream.url);
  closers.push(upstream.close, client.close);
  return { ...client, upstream };
}

const getImage = (linode: LinodeClient, id: string, terms: CallTerms) =>
  getImageKnowing(linode, id, terms, knownImages());
const updateImage = (linode: LinodeClient, id: string, body: { label: string }, terms: CallTerms) =>
  updateImageKnowing(linode, id, body, terms, knownImages());

const IMAGE = JSON.stringify({
  id: 'private/7',
  label: 'seven',
  created: '2024-05-20T12:00:00',
  is_public: false,
  size: 1,
  type: 'manual',
  status: 'available',
});

describe('a read', () => {
  it.each<[string, (socket: Socket) => unknown]>([
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['an end', (socket) => socket.end()],
    ['a 502', (socket) => socket.write(http(502, '<html>'))],
    ['a 503', (socket) => socket.write(http(503, '{}'))],
    ['a 504', (socket) => socket.write(http(504, ''))],
    ['a 408', (socket) => socket.write(http(408, '{}'))],
    ['a 400 of nginx’s', (socket) => socket.write(http(400, '<html>nginx</html>'))],
    ['a 403 without a body', (socket) => socket.write(http(403, ''))],
    ['a 429', (socket) => socket.write(http(429, '<html>', 'Retry-After: 1'))],
  ])('is tried twice more after %s, and succeeds', async (_, fail) => {
    const { linode, terms, upstream } = await before((socket, n) =>
      n < 3 ? fail(socket) : socket.write(http(200, IMAGE)),
    );
    expect(await getImage(linode, 'private/7', terms())).toMatchObject({ label: 'seven', description: null });
    expect(upstream.requests).toHaveLength(3);
    expect(new Set(upstream.requests.map(({ line }) => line))).toEqual(
      new Set(['GET /v4/images/private%2F7 HTTP/1.1']),
    );
  });

  it('goes on over a new connection when a kept one turns out dead', async () => {
    const { linode, terms, upstream } = await before((socket, n) =>
      n === 2 ? socket.resetAndDestroy() : socket.write(http(200, IMAGE)),
    );
    await getImage(linode, 'private/7', terms());
    await getImage(linode, 'private/7', terms());
    expect(upstream.requests).toHaveLength(3);
    expect(upstream.connections()).toBeGreaterThan(1);
  });

  it('waits for a 429 only where the caller has nothing to show meanwhile', async () => {
    const { linode, terms, upstream } = await before((socket) =>
      socket.write(http(429, '{}', 'Retry-After: 1')),
    );
    await expect(getImage(linode, 'private/7', terms({ waitsFor429: false }))).rejects.toMatchObject({
      name: 'LinodeRateLimited',
      retryAfterMs: 1000,
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is not tried again where the pause does not fit the deadline', async () => {
    const { linode, terms, upstream } = await before((socket) =>
      socket.write(http(429, '{}', 'Retry-After: 10')),
    );
    await expect(getImage(linode, 'private/7', terms())).rejects.toMatchObject({ retryAfterMs: 10_000 });
    expect(upstream.requests).toHaveLength(1);
  });

  it('that is aborted between two tries is not retried', async () => {
    const controller = new AbortController();
    const { linode, terms, upstream } = await before((socket) => {
      socket.write(http(503, '{}'), () => {
        controller.abort(new Error('left'));
      });
    });
    await expect(getImage(linode, 'private/7', terms({ signal: controller.signal }))).rejects.toThrow('left');
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('a write', () => {
  it('over a kept connection that turns out dead is not sent again', async () => {
    const { linode, terms, upstream } = await before((socket, n) =>
      n === 1 ? socket.write(http(200, IMAGE)) : socket.resetAndDestroy(),
    );
    await getImage(linode, 'private/7', terms());
    await expect(updateImage(linode, 'private/7', { label: 'x' }, terms())).rejects.toMatchObject({
      name: 'LinodeUnavailable',
      outcomeUnknown: true,
    });
    expect(upstream.requests.map(({ line }) => line.split(' ')[0])).toEqual(['GET', 'PUT']);
  });

  it('that something in front of Linode refused is not repeated: its outcome is unknown', async () => {
    const { linode, terms, upstream } = await before((socket) =>
      socket.write(http(400, '<html>nginx</html>')),
    );
    await expect(updateImage(linode, 'private/7', { label: 'x' }, terms())).rejects.toMatchObject({
      name: 'LinodeUnavailable',
      status: 400,
      outcomeUnknown: true,
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([
    ['{}', 200],
    ['', 204],
  ])('that deletes may be answered "%s" with %i', async (body, status) => {
    const { linode, terms, upstream } = await before((socket) => socket.write(http(status, body)));
    await deleteImage(linode, 'private/7', terms());
    expect(upstream.requests.map(({ line }) => line)).toEqual(['DELETE /v4/images/private%2F7 HTTP/1.1']);
  });

  it('that met a closed port is tried twice more', async () => {
    const { linode, terms, upstream, calls } = await before(() => undefined);
    await upstream.close();
    await expect(updateImage(linode, 'private/7', { label: 'x' }, terms())).rejects.toMatchObject({
      sent: false,
      outcomeUnknown: false,
    });
    expect(calls.map(({ status }) => status)).toEqual([null, null, null]);
  });
});

describe('the pause before a retry', () => {
  const failing = () =>
    Promise.reject(new LinodeUnavailable('no', { method: 'GET', path: '/x', status: 503 }));

  it.each([
    [0, [50, 100]],
    [0.5, [100, 200]],
    [0.999, [149.9, 299.8]],
  ])('doubles and is jittered, by %s', async (random, expected) => {
    const clock = manualClock();
    const pauses: number[] = [];
    const noting = {
      ...clock,
      after(ms: number, callback: () => void) {
        pauses.push(ms);
        setImmediate(() => {
          clock.advance(ms);
        });
        return clock.after(ms, callback);
      },
    };
    const retrying = {
      clock: noting,
      random: () => random,
      budget: new RetryBudget(clock),
      deadlineAt: clock.now() + 10_000,
      signal: new AbortController().signal,
      waitsFor429: true,
    };
    await expect(withRetries(failing, retrying)).rejects.toBeInstanceOf(LinodeUnavailable);
    expect(pauses.map((ms) => Math.round(ms * 10) / 10)).toEqual(expected);
  });

  it('is by the system’s clock not over before it is over', async () => {
    for (const ms of [0.4, 1, 1.5, 3, 7.3]) {
      const startedAt = systemClock.now();
      await new Promise<void>((resolve) => systemClock.after(ms, resolve));
      expect(systemClock.now() - startedAt).toBeGreaterThanOrEqual(ms);
    }
  });
});

describe('the budget of retries', () => {
  it('is a fifth of all requests, and ten at least', () => {
    const clock = manualClock();
    const budget = new RetryBudget(clock);
    const taken = () => Array.from({ length: 1000 }, () => budget.take()).filter(Boolean).length;
    budget.count();
    expect(taken()).toBe(10);
    for (let i = 1; i < 200; i++) budget.count();
    expect(taken()).toBe(30);
    clock.advance(10_001);
    budget.count();
    expect(taken()).toBe(10);
  });
});
