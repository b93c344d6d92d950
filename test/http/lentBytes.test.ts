import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, Agent, type Server } from 'node:http';
import {
  connect,
  createServer as createListener,
  Socket,
  type AddressInfo,
  type Server as Listener,
} from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LentBytes } from '../../src/http/lentBytes.js';
import { WholeRequests } from '../../src/http/wholeRequests.js';

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const portOf = (server: Listener): number => (server.address() as AddressInfo).port;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers what it was sent, once all requests have begun, so that they are read at the same time. */
async function startMirror(lendsBytes: boolean, together: number): Promise<number> {
  const waiting: (() => void)[] = [];
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      waiting.push(() => res.end(digestOf(Buffer.concat(chunks))));
      if (waiting.length >= together) for (const answer of waiting) answer();
    });
  });
  new WholeRequests(() => false, lendsBytes).watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
}

function post(port: number, agent: Agent, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const req = request({ port, host: '127.0.0.1', method: 'POST', agent }, (res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
    });
    req.on('error', reject);
    // In pieces: those of several connections come between each other.
    for (let at = 0; at < body.length; at += 10_000) req.write(body.subarray(at, at + 10_000));
    req.end();
  });
}

describe.each([
  ['one buffer', true],
  ['buffers of its own', false],
])('a server that reads into %s', (_, lendsBytes) => {
  it('has the bytes of each request for itself, for as long as it holds them', async () => {
    const bodies = Array.from({ length: 20 }, (__, i) => randomBytes(1 + i * 30_000));
    const port = await startMirror(lendsBytes, bodies.length);
    const agent = new Agent({ keepAlive: true });
    for (let round = 0; round < 3; round++) {
      const digests = await Promise.all(bodies.map((body) => post(port, agent, body)));
      expect(digests).toEqual(bodies.map(digestOf));
    }
    agent.destroy();
  });
});

describe('lent bytes', () => {
  it('are lent by this version of Node, in place of data events', async () => {
    const lent = new LentBytes();
    const listener = createListener();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const client = connect(portOf(listener), '127.0.0.1');
    const [accepted] = (await once(listener, 'connection')) as [Socket];
    let events = 0;
    accepted.on('data', () => events++);
    const came = new Promise<string>((resolve) => {
      expect(lent.lendTo(accepted, (bytes) => resolve(bytes.toString()))).toBe(true);
    });
    client.write('a piece');
    expect(await came).toBe('a piece');
    client.end();
    await once(accepted, 'end');
    expect([events, accepted.bytesRead]).toEqual([0, 7]);
    listener.close();
  });

  it('are not where Node has nothing to lend them by', () => {
    const socket = new Socket();
    const keys = Reflect.ownKeys(socket).length;
    expect(new LentBytes().lendTo(socket, () => undefined)).toBe(false);
    expect(Reflect.ownKeys(socket)).toHaveLength(keys);
    socket.destroy();
  });
});
