import { afterEach, expect, it } from '@jest/globals';
import type { ProxySettings } from '../../../src/linode/client/dispatcher.js';
import { createTransport } from '../../../src/linode/client/transport.js';
import type { WireResponse } from '../../../src/linode/client/wire.js';
import { LinodeUnavailable } from '../../../src/linode/errors.js';
import { startSandbox } from '../../../src/sandbox/sandbox.js';
import { startConnectProxy, type ConnectProxy } from '../../support/connectProxy.js';
import { startTestGateway } from '../../support/gateway.js';
import { manualClock } from '../../support/manualClock.js';
import { until } from '../../support/until.js';
import { http, startWireUpstream, type WireUpstream } from '../../support/wireUpstream.js';

const closers: (() => Promise<void>)[] = [];
const NONE: ProxySettings = { httpProxy: null, httpsProxy: null, noProxy: '' };

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(status = 200): Promise<{ upstream: WireUpstream; proxy: ConnectProxy }> {
  const upstream = await startWireUpstream((socket) => socket.write(http(200, '{}')));
  const proxy = await startConnectProxy(new URL(upstream.url), status);
  closers.push(upstream.close, proxy.close);
  return { upstream, proxy };
}

async function request(baseUrl: string, proxy: Partial<ProxySettings>): Promise<WireResponse | Error> {
  const clock = manualClock();
  const transport = createTransport({
    baseUrl: new URL(baseUrl),
    clock,
    connectTimeoutMs: 3000,
    maxResponseBytes: 100_000,
    connections: 2,
    proxy: { ...NONE, ...proxy },
  });
  closers.push(() => transport.close());
  const { signal } = new AbortController();
  const headers = { authorization: 'Bearer token' };
  return transport
    .send({ method: 'GET', path: '/regions', headers, deadlineAt: clock.now() + 10_000, signal })
    .catch((error: Error) => error);
}

it('requests go through the tunnel of the proxy, with its credentials and without the token', async () => {
  const { upstream, proxy } = await start();
  const httpProxy = proxy.url.replace('//', '//user:pass%20word@');
  expect(await request('http://api.linode.test/v4', { httpProxy })).toMatchObject({ status: 200 });
  const authorization = `Basic ${Buffer.from('user:pass word').toString('base64')}`;
  expect(proxy.tunnels).toEqual([{ target: 'api.linode.test:80', authorization }]);
  expect(upstream.requests.map(({ line }) => line)).toEqual(['GET /v4/regions HTTP/1.1']);
  expect(upstream.requests[0]?.headers.join('\n').toLowerCase()).not.toContain('proxy-authorization');
});

it('https goes through the proxy for https', async () => {
  const [plain, secure] = [await start(502), await start(502)];
  const proxies = { httpProxy: plain.proxy.url, httpsProxy: secure.proxy.url };
  expect(await request('https://api.linode.test/v4', proxies)).toBeInstanceOf(LinodeUnavailable);
  expect(plain.proxy.tunnels).toEqual([]);
  expect(new Set(secure.proxy.tunnels.map(({ target }) => target))).toEqual(new Set(['api.linode.test:443']));
});

it('a proxy that refuses is named in the cause, and nothing was sent', async () => {
  const { proxy } = await start(407);
  const error = await request('http://api.linode.test/v4', { httpProxy: proxy.url });
  expect(error).toMatchObject({ sent: false, cause: { message: expect.stringContaining('407') } });
});

it.each([
  'linode.test',
  '.linode.test',
  '*.linode.test',
  'api.linode.test:80',
  'a.test, api.linode.test',
  '*',
])('NO_PROXY=%s reaches the host without it', async (noProxy) => {
  const { proxy } = await start();
  const error = await request('http://api.linode.test/v4', { httpProxy: proxy.url, noProxy });
  // There is no such host.
  expect(error).toBeInstanceOf(LinodeUnavailable);
  expect(proxy.tunnels).toEqual([]);
});

it('loopback is never proxied', async () => {
  const { upstream, proxy } = await start();
  const response = await request(upstream.url, { httpProxy: proxy.url, httpsProxy: proxy.url });
  expect(response).toMatchObject({ status: 200 });
  expect(proxy.tunnels).toEqual([]);
});

it('a gateway reaches Linode through the proxy, and says what to check where it has none', async () => {
  const linode = await startSandbox();
  const proxy = await startConnectProxy(new URL(linode.url));
  closers.push(linode.close, proxy.close);
  const start = async (httpProxy: string | null) => {
    const gateway = await startTestGateway({
      linodeApiUrl: 'http://api.linode.test/v4',
      awaitsUpstream: true,
      proxy: { ...NONE, httpProxy },
    });
    closers.push(gateway.close);
    return gateway;
  };
  const proxied = await start(proxy.url);
  const { data, errors } = await proxied.ask('{ images { totalCount } }', { token: 'alice-full' });
  expect([data, errors]).toMatchObject([{ images: { totalCount: expect.any(Number) } }, []]);
  await until(() => proxied.unreadiness() === null, 'readiness');

  const direct = await start(null);
  await until(() => direct.upstreamProblems.length > 0, 'a problem');
  expect(direct.upstreamProblems[0]).toMatch(
    /could not be reached \(\w+\): check LINODE_API_URL, and HTTPS_PROXY/,
  );
  expect(direct.unreadiness()).toBe('upstream has not answered yet');
});

it('a gateway whose LINODE_API_URL has the wrong path says so', async () => {
  const linode = await startSandbox();
  closers.push(linode.close);
  const gateway = await startTestGateway({ linodeApiUrl: `${linode.url}/v4`, awaitsUpstream: true });
  closers.push(gateway.close);
  await until(() => gateway.upstreamProblems.length > 0, 'a problem');
  expect(gateway.upstreamProblems).toEqual([
    'GET /regions responded with 404: check the host and the version path of LINODE_API_URL',
  ]);
});
