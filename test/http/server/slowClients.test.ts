import type { ServerResponse as Answer } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startStack } from '../../support/stack.js';
import { untilCollected } from '../../support/garbage.js';
import { LARGE_RESPONSES } from '../../support/largeResponses.js';
import { openRaw } from '../../support/rawConnection.js';
import { until } from '../../support/until.js';

/** The shortest that the configuration could give, so that the test is short. */
const CLIENT_TIMEOUT_MS = 300;
const start = () =>
  startStack({ gateway: { protection: { ...LARGE_RESPONSES, clientTimeoutMs: CLIENT_TIMEOUT_MS } } });

describe('a client is cut off', () => {
  it.each([
    ['that says nothing', ''],
    ['that never ends its headers', 'POST /graphql HTTP/1.1\r\nHost: gateway\r\n'],
    [
      'that never ends its body',
      'POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query',
    ],
  ])('%s', async (_, words) => {
    const built = await start();
    const { socket, closed } = openRaw(built);
    socket.write(words);
    expect(await closed).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\n[^]*"The request did not arrive in time"/,
    );
    expect(built.linode.requests).toEqual([]);
  });

  it('that does not read its answer', async () => {
    const built = await start();
    const { clock, linode, gateway } = built;
    for (let i = 0; i < 200; i++) {
      linode.putImage('alice-full', {
        id: `private/9${i}`,
        label: `image-${i}`,
        description: 'x'.repeat(60_000),
      });
    }
    const { socket } = openRaw(built);
    const isDestroyed = new Promise<boolean>((resolve) => {
      gateway.server.once('connection', (other: Socket) =>
        other.once('close', () => resolve(other.destroyed)),
      );
    });
    const body = JSON.stringify({
      query:
        '{ a: images(first: 500) { nodes { description } } b: images(first: 500) { nodes { description } } }',
    });
    socket.pause();
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer alice-full\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => gateway.operations.length === 1, 'the record of the operation');
    clock.advance(CLIENT_TIMEOUT_MS);
    expect(await isDestroyed).toBe(true);
    expect(gateway.operations).toMatchObject([{ errorCodes: [] }]);
  });
});

it('nothing is held of a client that left before its answer', async () => {
  const built = await start();
  const { linode, gateway } = built;
  let release = (): void => undefined;
  linode.fault({ path: '/profile', before: new Promise<void>((resolve) => (release = resolve)) });
  const { socket } = openRaw(built);
  const body = '{"query":"{ viewer { username } }"}';
  const asked = new Promise<WeakRef<Answer>>((resolve) => {
    gateway.server.once('request', (_, res: Answer) => resolve(new WeakRef(res)));
  });
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer alice-full\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const answer = await asked;
  await until(() => linode.requests.length > 0, 'an upstream request');
  socket.destroy();
  await until(() => gateway.requests.length === 1, 'the record of the request');
  release();
  await until(() => gateway.operations.length === 1, 'the record of the operation');
  await untilCollected(answer);
});

it('others are not: a connection may stay open between requests', async () => {
  const built = await start();
  const { socket, closed } = openRaw(built);
  const request = 'GET /health/live HTTP/1.1\r\nHost: gateway\r\n';
  socket.write(`${request}\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.write(`${request}Connection: close\r\n\r\n`);
  expect((await closed).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
});
