import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { startRawUpstream, type RawUpstream } from '../support/rawUpstream.js';

let gateway: TestGateway;
let upstream: RawUpstream;

afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

const SECRET = 'text-of-a-broken-answer';
const head = (status: string, headers: string[]) =>
  [`HTTP/1.1 ${status}`, ...headers, 'Connection: close', '', ''].join('\r\n');
const whole =
  (status: string, type: string, body: string | Buffer, ...headers: string[]) =>
  (socket: Socket) => {
    socket.write(
      head(status, [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers]),
    );
    socket.end(body);
  };
const JSON_TYPE = 'application/json';
const PAGE = `{"data":[{"id":"private/1","label":"${SECRET}"`;
const MEGABYTE = 1024 * 1024;
const INVALID = 'UPSTREAM_INVALID_RESPONSE';
const UNAVAILABLE = 'UPSTREAM_UNAVAILABLE';

async function ask(answer: (socket: Socket) => void) {
  upstream = await startRawUpstream(answer);
  gateway = await startTestGateway({ linodeApiUrl: upstream.url });
  const first = await gateway.ask('{ images { nodes { id label } } }', { token: 'alice-full' });
  const calls = upstream.count;
  const again = await gateway.ask('{ images { nodes { id label } } }', { token: 'alice-full' });
  return { first, again, calls };
}

describe('an answer of Linode that is broken', () => {
  it.each<[string, string, (socket: Socket) => void]>([
    ['JSON cut short', INVALID, whole('200 OK', JSON_TYPE, PAGE)],
    [
      'a body shorter than promised',
      INVALID,
      (socket) => {
        socket.end(`${head('200 OK', [`Content-Type: ${JSON_TYPE}`, 'Content-Length: 5000'])}${PAGE}`);
      },
    ],
    [
      'a chunk cut off',
      INVALID,
      (socket) => {
        socket.end(
          `${head('200 OK', [`Content-Type: ${JSON_TYPE}`, 'Transfer-Encoding: chunked'])}ff\r\n${PAGE}`,
        );
      },
    ],
    ['HTML with 200', INVALID, whole('200 OK', 'text/html', `<html>${SECRET}</html>`)],
    ['HTML with 502', UNAVAILABLE, whole('502 Bad Gateway', 'text/html', `<html>${SECRET}</html>`)],
    ['garbage', INVALID, (socket) => socket.end(`\x00\x01 ${SECRET}\r\n\r\n`)],
    ['nothing with 200', INVALID, whole('200 OK', JSON_TYPE, '')],
    ['204', INVALID, (socket) => socket.end(head('204 No Content', []))],
    [
      'another content type',
      INVALID,
      whole('200 OK', 'text/plain', `{"data":[],"page":1,"pages":1,"results":0}`),
    ],
    [
      'another shape',
      INVALID,
      whole('200 OK', JSON_TYPE, `{"data":[{"id":5,"label":"${SECRET}"}],"page":1,"pages":1}`),
    ],
    [
      'a gzip bomb, which is not unpacked',
      INVALID,
      whole('200 OK', JSON_TYPE, gzipSync(Buffer.alloc(20 * MEGABYTE, 'x')), 'Content-Encoding: gzip'),
    ],
    [
      'a header of 100 KB',
      INVALID,
      whole('200 OK', JSON_TYPE, '{}', `X-Long: ${SECRET.padEnd(100_000, 'x')}`),
    ],
    [
      'a promise of 500 MB',
      INVALID,
      (socket) =>
        socket.write(head('200 OK', [`Content-Type: ${JSON_TYPE}`, `Content-Length: ${500 * MEGABYTE}`])),
    ],
    [
      'a stream without end',
      INVALID,
      (socket) => {
        socket.write(head('200 OK', [`Content-Type: ${JSON_TYPE}`]));
        const more = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(MEGABYTE, ' ')));
          if (!socket.destroyed) socket.once('drain', more);
        };
        more();
      },
    ],
  ])('is reported by its code, not by its text, and not cached: %s', async (_, code, answer) => {
    const { first, again, calls } = await ask(answer);
    expect(first.data).toEqual({ images: null });
    expect(first.errors.map(({ extensions }) => extensions['code'])).toEqual([code]);
    expect(first.body).not.toContain(SECRET);
    expect(again.data).toEqual({ images: null });
    // A 502 may be tried again; what came with a 2xx is as good as it gets.
    expect(calls).toBe(code === INVALID ? 1 : 3);
    expect(gateway.bugs).toEqual([]);
  });

  it('read late does not end the process: more than 64 KB and Connection: close, a hundred times', async () => {
    const page = Buffer.from(
      JSON.stringify({ data: [], page: 1, pages: 1, results: 0, padding: 'x'.repeat(70_000) }),
    );
    upstream = await startRawUpstream((socket) => {
      socket.write(head('200 OK', [`Content-Type: ${JSON_TYPE}`, `Content-Length: ${page.length}`]));
      socket.write(page.subarray(0, 40_000), () => socket.end(page.subarray(40_000)));
    });
    gateway = await startTestGateway({ linodeApiUrl: upstream.url });
    for (let i = 0; i < 100; i++) {
      const { errors } = await gateway.ask('{ images { totalCount } }', { token: `caller-${i}` });
      expect(errors).toEqual([]);
    }
    expect(upstream.count).toBe(100);
  });
});
