import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startStack, type Stack } from '../../support/stack.js';
import { openRaw } from '../../support/rawConnection.js';
import { until } from '../../support/until.js';

/** Sends these bytes alone, and reads until the gateway closes the connection. */
function send(built: Stack, words: string): { socket: Socket; closed: Promise<string> } {
  const { socket, closed } = openRaw(built);
  socket.write(words);
  return { socket, closed };
}

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: gateway\r\n';
const WITHOUT_BODY = `${HEAD}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query`;

describe('a malformed request is counted and logged with the status that was sent', () => {
  it.each([
    ['it is not HTTP', '\x16\x03\x01 hello\r\n\r\n', 400],
    ['its headers are too large', `${HEAD}X-Long: ${'x'.repeat(20_000)}\r\n`, 431],
    ['its headers never end', HEAD, 408],
  ])('because %s', async (_, words, status) => {
    const built = await startStack({ gateway: { protection: { clientTimeoutMs: 300 } } });
    const { gateway } = built;
    const text = await send(built, words).closed;
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(gateway.requests).toMatchObject([{ route: 'other', status }]);
    const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
    expect(metrics).toContain(`gateway_http_requests_total{route="other",status="${status}"} 1`);
  });
});

describe('a client that breaks off is sent nothing, and told of once, without a status', () => {
  it.each([
    ['in its headers', HEAD, { route: 'other', method: '' }],
    ['in its body', WITHOUT_BODY, { route: 'graphql', method: 'POST' }],
  ])('%s', async (_, words, facts) => {
    const built = await startStack();
    const { gateway } = built;
    let bytesRead = (): number => 0;
    gateway.server.once('connection', (other: Socket) => (bytesRead = () => other.bytesRead));
    const { socket, closed } = send(built, words);
    await until(() => bytesRead() >= words.length, 'all bytes to be read');
    socket.end();
    expect(await closed).toBe('');
    await until(() => gateway.requests.length > 0, 'the record of the request');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(gateway.requests).toMatchObject([{ ...facts, status: null }]);
  });
});

describe('a mutation is answered before what follows it is refused', () => {
  const BODY = JSON.stringify({
    query:
      'mutation { updateImage(input: { id: "private/23849498", label: "renamed" }) { image { label } } }',
  });
  const mutation = (headers = ''): string =>
    `${HEAD}Authorization: Bearer alice-full\r\nContent-Type: application/json\r\n${headers}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
  const responsesIn = (text: string): string[] => text.split(/(?=HTTP\/1\.1 \d)/);

  it.each([
    ['garbage', mutation() + 'no HTTP\r\n\r\n', [200, 400]],
    ['garbage in pieces', mutation() + '\x16\x03\x01', [200, 400]],
    [
      'a malformed chunk',
      `${mutation()}${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n`,
      [200, 400],
    ],
    ['another request after Connection: close', mutation('Connection: close\r\n') + mutation(), [200]],
    ['garbage after Connection: close', mutation('Connection: close\r\n') + 'no HTTP', [200]],
  ])('when it is %s', async (_, bytes, statuses) => {
    const stack = await startStack();
    const text = await send(stack, bytes).closed;
    const responses = responsesIn(text);
    expect(responses.map((response) => Number(response.slice(9, 12)))).toEqual(statuses);
    expect(responses[0]).toContain('"label":"renamed"');
    expect(stack.linode.count(/^PUT/)).toBe(1);
  });
});
