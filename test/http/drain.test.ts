import { Agent, get as httpGet, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

let linode: Sandbox;
let gateway: TestGateway;
let agent: Agent;

async function open(): Promise<void> {
  linode = await startSandbox();
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
}

afterEach(async () => {
  agent.destroy();
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

  it('can be asked for twice', async () => {
    await open();
    await Promise.all([gateway.close(), gateway.close()]);
  });
});
