import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { Cancellation } from '../../../src/cancellation.js';
import type { Clock } from '../../../src/clock.js';
import { LinodeInvalidResponse, LinodeTimeout, LinodeUnavailable } from '../../../src/linode/errors.js';
import { createTransport } from '../../../src/linode/client/transport.js';
import type { Transport, WireRequest } from '../../../src/linode/client/wire.js';
import { manualClock } from '../../support/manualClock.js';
import { http, startWireUpstream, type WireUpstream } from '../../support/wireUpstream.js';
import { until } from '../../support/until.js';

const MAX_BYTES = 1_000_000;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Line {
  upstream: WireUpstream;
  clock: ReturnType<typeof manualClock>;
  send: (given?: Partial<WireRequest>) => ReturnType<Transport['send']>;
}

async function line(answer: (socket: Socket, n: number) => unknown, connections = 8): Promise<Line> {
  const upstream = await startWireUpstream(answer);
  const clock = manualClock();
  const transport = open(upstream.url, clock, connections);
  closers.push(upstream.close);
  return { upstream, clock, send: (given) => transport.send(request(clock, given)) };
}

function open(url: string, clock: Clock, connections = 8): Transport {
  const transport = createTransport({
    baseUrl: new URL(url),
    clock,
    connectTimeoutMs: 3000,
    maxResponseBytes: MAX_BYTES,
    connections,
  });
  closers.push(() => transport.close());
  return transport;
}

const request = (clock: Clock, given: Partial<WireRequest> = {}): WireRequest => ({
  method: 'GET',
  path: '/images',
  headers: { accept: 'application/json' },
  deadlineAt: clock.now() + 10_000,
  signal: new AbortController().signal,
  ...given,
});

/** Lets what has arrived be read. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the transport', () => {
  it('keeps its connection for the next request', async () => {
    const { upstream, send } = await line((socket) => socket.write(http(200, '{}')));
    for (let i = 0; i < 5; i++) {
      expect((await send()).body).toBe('{}');
      await turn();
    }
    expect(upstream.connections()).toBe(1);
  });

  it('sends the version path, the headers and the body as given, and asks for no encoding', async () => {
    const { upstream, send } = await line((socket) => socket.write(http(200, '{}')));
    await send({ method: 'PUT', path: '/images/private%2F7?a=b%20c', body: '{"label":"é"}' });
    expect(upstream.requests[0]?.line).toBe('PUT /v4/images/private%2F7?a=b%20c HTTP/1.1');
    expect(Buffer.from(upstream.requests[0]?.body ?? '', 'latin1').toString()).toBe('{"label":"é"}');
    expect(upstream.requests[0]?.headers.join('\n')).not.toMatch(/accept-encoding/i);
  });

  it('joins chunks, a character torn between two of them too', async () => {
    const { send } = await line((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n"\xc3\r\n', 'latin1');
      socket.write('2\r\n\xa9"\r\n0\r\n\r\n', 'latin1');
    });
    expect((await send()).body).toBe('"é"');
  });

  it('skips interim answers', async () => {
    const { send } = await line((socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${http(404, '{"errors":[]}')}`),
    );
    expect(await send()).toMatchObject({ status: 404, body: '{"errors":[]}' });
  });

  it('does not follow a redirect', async () => {
    const { upstream, send } = await line((socket) =>
      socket.write(http(302, '', 'Location: http://127.0.0.1:1/stolen')),
    );
    expect(await send({ headers: { authorization: 'Bearer secret' } })).toMatchObject({ status: 302 });
    expect(upstream.requests).toHaveLength(1);
  });

  it('reads a body of 70,000 bytes whole that comes in two parts with Connection: close', async () => {
    // undici#5360: from 7.26 on this ends the process.
    const { send } = await line((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 70000\r\n\r\n' + 'x'.repeat(40_000),
      );
      setTimeout(() => socket.end('y'.repeat(30_000)), 30);
    });
    for (let i = 0; i < 10; i++) expect((await send()).body).toHaveLength(70_000);
  });
});

describe('an answer that fails', () => {
  it.each<[string, (socket: Socket) => unknown, RegExp]>([
    ['garbage', (socket) => socket.end('\x16\x03\x01 this is not HTTP\r\n\r\n'), /not HTTP/],
    ['garbage behind a status', (socket) => socket.end('HTTP/1.1 200 OK\r\nno colon\r\n\r\n'), /not HTTP/],
    ['no number for a status', (socket) => socket.end('HTTP/1.1 abc OK\r\n\r\n'), /not HTTP/],
    [
      'headers of 100 kB',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`),
      /not HTTP/,
    ],
    ['a body that ends early', (socket) => socket.end(http(200, 'x'.repeat(99)).slice(0, -9)), /broke off/],
    [
      'a body that is reset',
      (socket) => socket.write(http(200, 'x'.repeat(99)).slice(0, -9), () => socket.resetAndDestroy()),
      /broke off/,
    ],
    [
      'a chunk that ends early',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nxxx'),
      /broke off/,
    ],
    [
      'a length over the limit',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${MAX_BYTES + 1}\r\n\r\n`),
      /larger than/,
    ],
    ['more chunks than the limit', (socket) => pourChunks(socket, 200), /larger than/],
  ])('is invalid: %s', async (_, answer, message) => {
    const { upstream, send } = await line(answer);
    const error = await send().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LinodeInvalidResponse);
    expect(error).toMatchObject({ message: expect.stringMatching(message), path: '/images' });
    expect(upstream.requests).toHaveLength(1);
  });

  it.each<[string, (socket: Socket) => unknown]>([
    ['a body that ends early', (socket) => socket.end(http(502, 'x'.repeat(99)).slice(0, -9))],
    [
      'a body that is reset',
      (socket) => socket.write(http(502, 'x'.repeat(99)).slice(0, -9), () => socket.resetAndDestroy()),
    ],
    [
      'a length over the limit',
      (socket) => socket.write(`HTTP/1.1 502 Bad Gateway\r\nContent-Length: ${MAX_BYTES + 1}\r\n\r\n`),
    ],
    ['more chunks than the limit', (socket) => pourChunks(socket, 502)],
  ])('is what its status says where that is not 2xx: %s', async (_, answer) => {
    const { send } = await line(answer);
    expect(await send()).toMatchObject({ status: 502, body: '' });
  });

  it.each<[string, (socket: Socket) => unknown]>([
    ['reset', (socket) => socket.resetAndDestroy()],
    ['closed', (socket) => socket.end()],
    ['closed within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le')],
  ])('is unavailable, and may have been sent: %s', async (_, answer) => {
    const { send } = await line(answer);
    const error = await send().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LinodeUnavailable);
    expect(error).toMatchObject({ sent: true, status: undefined });
  });

  it('leaves the transport fit for the next request', async () => {
    const { send } = await line((socket, n) => {
      if (n % 2 === 1) socket.end('garbage\r\n\r\n');
      else socket.write(http(200, '{}'));
    });
    for (let i = 0; i < 5; i++) {
      await expect(send()).rejects.toBeInstanceOf(LinodeInvalidResponse);
      expect((await send()).status).toBe(200);
    }
  });

  it('was certainly not sent where the connection is refused', async () => {
    const upstream = await startWireUpstream(() => undefined);
    await upstream.close();
    const clock = manualClock();
    const error = await open(upstream.url, clock)
      .send(request(clock, { method: 'POST', body: '{}' }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LinodeUnavailable);
    expect(error).toMatchObject({ sent: false, outcomeUnknown: false });
  });
});

describe('a deadline', () => {
  it('ends a request that is never answered, and its connection with it', async () => {
    let closed = 0;
    const { upstream, clock, send } = await line((socket) => socket.on('close', () => closed++));
    const sent = send({ method: 'POST', body: '{}' }).catch((thrown: unknown) => thrown);
    await until(() => upstream.requests.length === 1, 'an upstream request');
    clock.advance(10_000);
    const error = await sent;
    expect(error).toBeInstanceOf(LinodeTimeout);
    expect(error).toMatchObject({ sent: true, outcomeUnknown: true });
    await until(() => closed === 1, 'the end of the connection');
  });

  it('ends a body that dribbles', async () => {
    const { clock, send } = await line(dribble(200));
    const sent = send().catch((thrown: unknown) => thrown);
    await send({ path: '/other' });
    await turn();
    clock.advance(10_000);
    expect(await sent).toBeInstanceOf(LinodeTimeout);
  });

  it('leaves an error its status when only its body dribbles', async () => {
    const { clock, send } = await line(dribble(503));
    const sent = send();
    await send({ path: '/other' });
    await turn();
    clock.advance(10_000);
    expect(await sent).toMatchObject({ status: 503, body: '' });
  });

  it('that has passed sends nothing', async () => {
    const { upstream, clock, send } = await line((socket) => socket.write(http(200, '{}')));
    await expect(send({ deadlineAt: clock.now() })).rejects.toMatchObject({
      name: 'LinodeTimeout',
      sent: false,
    });
    expect(upstream.requests).toEqual([]);
  });

  /** Its first answer begins and never ends; the second comes when the first has begun. */
  function dribble(status: number) {
    let begin: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    return (socket: Socket, n: number) => {
      if (n === 1) socket.write(http(status, 'x'.repeat(99)).slice(0, -98), () => begin());
      else void begun.then(() => socket.write(http(200, '{}')));
    };
  }
});

describe('a request that waits for a connection', () => {
  /** One connection, which the first request occupies until it is released. */
  async function busyLine() {
    let letGo: () => void = () => undefined;
    const here = await line((socket, n) => {
      if (n === 1) letGo = () => void socket.write(http(200, '{}'));
      else socket.write(http(200, '{}'));
    }, 1);
    const first = here.send();
    await until(() => here.upstream.requests.length === 1, 'an upstream request');
    const rest = async () => {
      letGo();
      await first;
      await here.send({ path: '/last' });
      return here.upstream.requests.map(({ line }) => line.split(' ')[1]);
    };
    return { ...here, rest };
  }

  it.each(['GET', 'POST', 'PUT', 'DELETE'] as const)(
    'is never sent once it is aborted: %s',
    async (method) => {
      const { send, rest } = await busyLine();
      const controller = new AbortController();
      const queued = send({ method, path: '/queued', signal: controller.signal });
      const reason = new Error('the client left');
      controller.abort(reason);
      await expect(queued).rejects.toBe(reason);
      expect(await rest()).toEqual(['/v4/images', '/v4/last']);
    },
  );

  it('is never sent past the deadline of the caller, and says so', async () => {
    const { send, rest } = await busyLine();
    const waiter = new Cancellation();
    const queued = send({ method: 'PUT', path: '/queued', signal: waiter.signal });
    waiter.abort(new LinodeTimeout('no answer', { method: 'GET', path: '/' }));
    await expect(queued).rejects.toMatchObject({
      name: 'LinodeTimeout',
      method: 'PUT',
      path: '/queued',
      sent: false,
    });
    expect(await rest()).toEqual(['/v4/images', '/v4/last']);
  });

  it('never leaves past its deadline', async () => {
    const { clock, send, rest } = await busyLine();
    const queued = send({ method: 'POST', path: '/queued', body: '{}', deadlineAt: clock.now() + 50 });
    clock.advance(50);
    await expect(queued).rejects.toMatchObject({ name: 'LinodeTimeout', sent: false, outcomeUnknown: false });
    expect(await rest()).toEqual(['/v4/images', '/v4/last']);
  });
});

describe('a request that was sent', () => {
  it.each([
    ['GET', true],
    ['POST', false],
    ['PUT', false],
    ['DELETE', false],
  ] as const)('is aborted only where it is a read: %s', async (method, isAborted) => {
    let answer: () => void = () => undefined;
    const { upstream, send } = await line((socket) => (answer = () => void socket.write(http(200, '{}'))));
    const controller = new AbortController();
    const sent = send({ method, signal: controller.signal }).then(
      () => 'answered',
      () => 'aborted',
    );
    await until(() => upstream.requests.length === 1, 'an upstream request');
    controller.abort(new Error('the client left'));
    answer();
    expect(await sent).toBe(isAborted ? 'aborted' : 'answered');
  });
});

/** Chunks without end. */
function pourChunks(socket: Socket, status: number): void {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  socket.write(`HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const pour = () => {
    while (!socket.destroyed && socket.write(chunk));
    if (!socket.destroyed) socket.once('drain', pour);
  };
  pour();
}
