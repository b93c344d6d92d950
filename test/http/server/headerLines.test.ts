import { describe, expect, it } from '@jest/globals';
import { startStack } from '../../support/stack.js';
import { openRaw } from '../../support/rawConnection.js';

/** `count` header lines that say nothing, of one byte each as Node counts them. */
const filler = (count: number): string => 'a:\r\n'.repeat(count);

const QUERY = encodeURIComponent('{ image(id: "linode/debian12") { id } }');
const HIDDEN = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';

/** A GET whose `Content-Length` comes after more lines than Node passes on by default (1,000). */
const HEAD = `GET /graphql?query=${QUERY} HTTP/1.1\r\nHost: x\r\nApollo-Require-Preflight: 1\r\n${filler(1100)}Content-Length: ${HIDDEN.length}\r\n\r\n`;

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));

describe('header lines', () => {
  it.each([1001, 1100, 10_000])('are never dropped silently: %d of them are refused', async (count) => {
    const built = await startStack();
    const { socket, closed } = openRaw(built);
    socket.write(`GET /health/live HTTP/1.1\r\nHost: x\r\n${filler(count)}\r\n`);
    const text = await closed;
    expect(statusesIn(text)).toEqual([431]);
    expect(text).toContain('"message":"The request has more than 1000 header lines"');
  });

  it('are all read up to that count', async () => {
    const built = await startStack();
    const { socket, closed } = openRaw(built);
    socket.write(`GET /health/live HTTP/1.1\r\n${filler(997)}Host: x\r\nConnection: close\r\n\r\n`);
    expect(statusesIn(await closed)).toEqual([200]);
  });

  it('cannot hide a body, which would be parsed as a request of its own', async () => {
    const built = await startStack();
    for (let i = 0; i < 4; i++) {
      const { socket, closed } = openRaw(built);
      socket.write(HEAD);
      socket.write(HIDDEN);
      expect(statusesIn(await closed)).toEqual([431]);
    }
    expect(built.gateway.requests.map(({ route, status }) => [route, status])).toEqual(
      Array.from({ length: 4 }, () => ['graphql', 431]),
    );
  });
});
