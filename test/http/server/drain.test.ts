import { once } from 'node:events';
import { Agent, get as httpGet, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';
import { LARGE_RESPONSES } from '../../support/largeResponses.js';
import { manualClock } from '../../support/manualClock.js';
import { until } from '../../support/until.js';

/** Long enough for node's own timeouts, which run in real time, to never pass. */
const CLIENT_TIMEOUT_MS = 60_000;

let linode: Sandbox;
let gateway: TestGateway;
let agent: Agent;

let clients: Socket[];
/** Requests that node parsed. */
let parsed: number;

async function open(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  linode = await startSandbox();
  gateway = await startTestGateway({
    linodeApiUrl: linode.url,
    settings: { maxAgeMs: 600_000 },
    ...options,
  });
  parsed = 0;
  gateway.server.on('request', () => parsed++);
  clients = [];
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
}

afterEach(async () => {
  agent.destroy();
  for (const client of clients) client.destroy();
  await gateway.close();
  await linode.close();
});

/** An operation over the keep-alive connection. */
function ask(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer alice-full' };
    request(gateway.url, { agent, method: 'POST', headers }, (res) =>
      res.resume().on('end', () => resolve(res)),
    )
      .on('error', reject)
      .end('{"query":"{ images { totalCount } }"}');
  });
}

/** Makes the next list wait, and tells when it has arrived. */
function holdList(): { arrived: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    linode.fault({
      path: '/images',
      times: 1,
      before: () => {
        resolve();
        return released;
      },
    });
  });
  return { arrived, release };
}

const postOf = (query: string): string => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer alice-full\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};
const POST = postOf('{ images { totalCount } }');
/** Its answer is larger than all that lies between two sockets; what shows that it is whole comes last. */
const LARGE = postOf('{ images(first: 500) { nodes { description } totalCount } }');

function putLargeImages(linode: Sandbox): void {
  for (let i = 0; i < 200; i++) {
    linode.putImage('alice-full', {
      id: `private/9${i}`,
      label: `image-${i}`,
      description: 'x'.repeat(60_000),
    });
  }
}

function connectTo({ url }: TestGateway): Socket {
  const client = connect(Number(new URL(url).port), '127.0.0.1')
    .setNoDelay()
    .setEncoding('latin1');
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** Asks, and reads the answer. */
function askLargely(client: Socket): Promise<void> {
  return new Promise((resolve) => {
    let end = '';
    const onData = (text: string): void => {
      end = (end + text).slice(-100);
      if (!end.includes('"totalCount":247')) return;
      client.off('data', onData);
      resolve();
    };
    client.on('data', onData);
    client.write(LARGE, 'latin1');
  });
}

/**
 * A client that reads nothing more. It has read little before: the more one reads the more the kernel holds for it, in
 * the end whole answers of this size.
 */
async function connectLateReader(gateway: TestGateway): Promise<Socket> {
  const eager = connectTo(gateway);
  for (let i = 0; i < 5; i++) await askLargely(eager);
  const client = connectTo(gateway);
  client.write(POST, 'latin1');
  await once(client, 'data');
  return client.pause();
}

/** Everything until the connection ends. */
function readAll(client: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    client.on('data', (chunk: string) => (text += chunk)).once('close', () => resolve(text));
    client.resume();
  });
}

describe('a drain', () => {
  it('goes on taking work once readiness has fallen, and closes each connection with its answer', async () => {
    await open();
    expect((await ask()).headers.connection).toBe('keep-alive');
    gateway.unready();
    const answer = await ask();
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
  });

  it('lets an operation under way end, and closes its connection with it', async () => {
    await open();
    const { arrived, release } = holdList();
    const answer = ask();
    await arrived;
    gateway.unready();
    const closed = gateway.close();
    release();
    expect([(await answer).statusCode, (await answer).headers.connection]).toEqual([200, 'close']);
    await closed;
  });

  it('takes no more connections once it closes', async () => {
    await open();
    await gateway.close();
    await expect(ask()).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait for connections that never asked anything', async () => {
    await open();
    const silent = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    // Another request shows that the silent connection, which came first, was accepted.
    await new Promise((resolve) =>
      httpGet(new URL('/health/live', gateway.url), (res) => res.resume().on('end', resolve)),
    );
    const gone = new Promise((resolve) => silent.once('close', resolve));
    await gateway.close();
    await gone;
  });

  it('releases responses that wait behind one whose client has left', async () => {
    await open();
    const { arrived, release } = holdList();
    const client = connectTo(gateway);
    client.write(POST.repeat(3), 'latin1');
    await arrived;
    await until(() => parsed === 3, 'three parsed requests');
    client.destroy();
    await gateway.close();
    release();
  });

  it.each([
    ['one answer', true, 1],
    ['several answers', true, 3],
    ['several answers without the cache', false, 3],
  ])('waits until the client has read what was answered: %s', async (_, responseCache, count) => {
    await open({ responseCache, protection: LARGE_RESPONSES });
    putLargeImages(linode);
    const client = await connectLateReader(gateway);
    const answered = gateway.operations.length;
    const before = parsed;
    for (let i = 1; i <= count; i++) {
      client.write(LARGE, 'latin1');
      await until(() => gateway.operations.length === answered + i, 'the next operation');
    }
    expect(parsed - before).toBe(count);
    gateway.unready();
    const closed = gateway.close();
    const read = readAll(client);
    expect((await read).match(/"totalCount":247/g)).toHaveLength(count);
    await closed;
  });

  it('waits no longer than for any client that does not read', async () => {
    const clock = manualClock();
    await open({
      responseCache: true,
      clock,
      protection: { ...LARGE_RESPONSES, clientTimeoutMs: CLIENT_TIMEOUT_MS },
    });
    putLargeImages(linode);
    const client = await connectLateReader(gateway);
    const answered = gateway.operations.length;
    client.write(LARGE, 'latin1');
    await until(() => gateway.operations.length === answered + 1, 'another operation');
    const closed = gateway.close();
    clock.advance(CLIENT_TIMEOUT_MS);
    await closed;
    expect(await readAll(client)).not.toContain('"totalCount":247');
  });

  it('can be asked for twice', async () => {
    await open();
    await Promise.all([gateway.close(), gateway.close()]);
  });
});
