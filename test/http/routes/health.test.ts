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
    expect(await get(gateway, '/health/ready')).toMatchObject([503, { status: 'not ready', reason }]);
    await until(() => {
      clock.advance(500);
      return gateway.unreadiness() === null;
    }, 'readiness');
    expect(await get(gateway, '/health/ready')).toEqual([200, { status: 'ready' }]);
    expect(linode.count('GET /regions')).toBe(3);
  });

  const notFound = 'GET /regions responded with 404: check the host and the version path of LINODE_API_URL';
  it.each<[string, (linode: Sandbox) => string, RegExp]>([
    ['has a doubled version path', ({ url }) => `${url}/v4`, new RegExp(notFound)],
    ['has no version path', ({ url }) => new URL(url).origin, new RegExp(notFound)],
    [
      'leads to a web page',
      ({ url }) => url,
      /LINODE_API_URL responds with something else than the Linode API/,
    ],
    [
      'leads to a login page',
      ({ url }) => url,
      /responded with 302 \(to https:\/\/login\.example\.com\/sso\)$/,
    ],
    [
      'cannot be reached without a proxy',
      () => 'http://127.0.0.1:9/v4',
      /could not be reached .*ECONNREFUSED.*: check LINODE_API_URL, and HTTPS_PROXY if a proxy is needed/,
    ],
  ])('says what is wrong where LINODE_API_URL %s, as the log does', async (name, urlOf, problem) => {
    const linode = await startSandbox();
    open.push(linode);
    if (name.endsWith('web page')) linode.fault({ html: true });
    if (name.endsWith('no version path')) linode.fault({ status: 404 });
    const location = 'https://login.example.com/sso?state=secret';
    if (name.endsWith('login page')) linode.fault({ status: 302, empty: true, headers: { location } });
    const gateway = await startTestGateway({
      linodeApiUrl: urlOf(linode),
      clock: manualClock(),
      awaitsUpstream: true,
    });
    open.push(gateway);
    await until(() => gateway.upstreamProblems.length > 0, 'the problem');
    const reason = 'upstream has not answered yet';
    const body = { status: 'not ready', reason, problem: expect.stringMatching(problem) };
    expect(await get(gateway, '/health/ready')).toEqual([503, body]);
    expect(gateway.upstreamProblems).toEqual([expect.stringMatching(problem)]);
  });

  it('says what is wrong where the address takes connections and never responds', async () => {
    const clock = manualClock();
    const linode = await startSandbox();
    open.push(linode);
    linode.fault({ hang: true });
    const gateway = await startTestGateway({ linodeApiUrl: linode.url, clock, awaitsUpstream: true });
    open.push(gateway);
    await until(() => linode.count('GET /regions') === 1, 'the probe');
    clock.advance(5000);
    await until(() => gateway.upstreamProblems.length > 0, 'the problem');
    expect(await get(gateway, '/health/ready')).toMatchObject([
      503,
      { problem: expect.stringMatching(/no response within 5 s.*HTTPS_PROXY if a proxy is needed/) },
    ]);
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
