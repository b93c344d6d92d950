import { afterEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';
import { manualClock } from '../../support/manualClock.js';
import { until } from '../../support/until.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function start(options: Partial<TestGatewayOptions> = {}): Promise<{
  linode: Sandbox;
  gateway: TestGateway;
  ready: () => Promise<[number, unknown]>;
}> {
  const linode = await startSandbox();
  open.push(linode);
  const gateway = await startTestGateway({ linodeApiUrl: linode.url, ...options });
  open.push(gateway);
  return { linode, gateway, ready: () => get(gateway, '/health/ready') };
}

async function get(gateway: TestGateway, path: string): Promise<[number, unknown]> {
  const response = await fetch(new URL(path, gateway.url));
  return [response.status, await response.json()];
}

describe('/health/live', () => {
  it('is 200 although the gateway is not ready', async () => {
    const { gateway } = await start();
    gateway.unready();
    expect(await get(gateway, '/health/live')).toEqual([200, { status: 'live' }]);
  });
});

describe('/health/ready', () => {
  it('is 200 once Linode has returned its regions, and never lists images to find out', async () => {
    const { linode, gateway, ready } = await start({ awaitsUpstream: true });
    await until(() => gateway.unreadiness() === null, 'readiness');
    expect(await ready()).toEqual([200, { status: 'ready' }]);
    expect(linode.requests.map(({ line, token }) => [line, token])).toEqual([['GET /regions', null]]);
  });

  it('is 503 with the reason until Linode has responded', async () => {
    const clock = manualClock();
    const linode = await startSandbox();
    open.push(linode);
    linode.fault({ path: '/regions', status: 503, times: 2 });
    const gateway = await startTestGateway({ linodeApiUrl: linode.url, clock, awaitsUpstream: true });
    open.push(gateway);
    const reason = 'upstream has not answered yet';
    expect(await get(gateway, '/health/ready')).toEqual([503, { status: 'not ready', reason }]);
    await until(() => {
      clock.advance(500);
      return gateway.unreadiness() === null;
    }, 'readiness');
    expect(await get(gateway, '/health/ready')).toEqual([200, { status: 'ready' }]);
    expect(linode.count('GET /regions')).toBe(3);
  });

  it('stays yes through an outage that comes later: the catalog still serves', async () => {
    const { linode, gateway, ready } = await start({ awaitsUpstream: true });
    await until(() => gateway.unreadiness() === null, 'readiness');
    linode.fault({ status: 503 });
    await gateway.ask('{ images { totalCount } }');
    expect((await ready())[0]).toBe(200);
  });

  it('says no while it drains', async () => {
    const { gateway, ready } = await start();
    gateway.unready();
    expect(await ready()).toEqual([503, { status: 'not ready', reason: 'draining' }]);
  });
});
