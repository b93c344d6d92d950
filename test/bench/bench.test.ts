import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCeiling } from '../../bench/ceiling/server.js';
import { FORMS, type Form } from '../../bench/form.js';
import { closedLoop } from '../../bench/load/closedLoop.js';
import { openLoop } from '../../bench/load/openLoop.js';
import { createRequests } from '../../bench/load/requests.js';
import { createPlain } from '../../bench/plain/server.js';
import { breakDown } from '../../bench/profile.js';
import { takeNumbers } from '../../bench/operation.js';
import { populate } from '../../bench/upstream/population.js';
import { verify } from '../../bench/verification.js';
import { WORKLOADS } from '../../bench/workloads.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { atDepth } from '../support/depth.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

let sandbox: Sandbox;
let gateway: TestGateway;
let plain: Server;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
  populate(sandbox, { mediumAccounts: 20, firstTimeAccounts: 0, warmUpCallers: 0 });
  gateway = await startTestGateway({ linodeApiUrl: sandbox.url });
  plain = await createPlain(sandbox.url);
  await listening(plain);
});

afterAll(async () => {
  await closed(plain);
  await gateway.close();
  await sandbox.close();
});

describe('the benchmark', () => {
  it.each(WORKLOADS)('compares equals at $name: $title', async (workload) => {
    const verdict = await verify(workload, 'proxied', gateway.url, urlOf(plain), atDepth(10, 20));
    expect(verdict).toMatchObject({ isRight: true });
  });

  it('does not take different data for the same', async () => {
    const [workload] = WORKLOADS;
    if (!workload) throw new Error('There are no workloads');
    const other = createCeiling(['{"data":{"image":null}}']);
    await listening(other);
    const verdict = await verify(workload, 'proxied', gateway.url, urlOf(other));
    await closed(other);
    expect(verdict).toMatchObject({ isRight: false, isUnknown: false });
  });

  it('sends each request behind a proxy with a request ID, a trace and a client address of its own', () => {
    const requests = { identical: headersOf('identical'), proxied: headersOf('proxied') };
    for (const name of ['x-request-id', 'traceparent', 'x-forwarded-for']) {
      expect(new Set(requests.identical.map((headers) => headers[name]))).toEqual(new Set([undefined]));
      expect(new Set(requests.proxied.map((headers) => headers[name])).size).toBe(REQUESTS);
    }
    expect(requests.proxied[0]).toMatchObject({
      'x-request-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      'x-forwarded-for': expect.stringMatching(/^10(\.\d{1,3}){3}$/),
    });
  });

  it.each(FORMS)('counts the answers of a server, and those that fail, with %s requests', async (form) => {
    const server = createCeiling(['{"data":{}}']);
    await listening(server);
    const cycle = WORKLOADS.flatMap((workload) => workload.cycle.slice(0, 1));
    const load = { url: urlOf(server), firstNumber: takeNumbers(1000), form, seconds: 0.05, connections: 2 };
    const open = await openLoop(cycle, { ...load, perSecond: 200 });
    const peak = await closedLoop(cycle, load);
    await closed(server);
    expect(open).toMatchObject({ requests: 10, failures: 0 });
    expect(peak.requests).toBeGreaterThan(0);
    expect(peak.bytes / peak.requests).toBe(open.bytes / open.requests);
  });

  it('charges what the engine does to the layer that had it done', () => {
    const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 0 });
    const profile = {
      nodes: [
        { id: 1, callFrame: frame('(root)', ''), children: [2, 4] },
        {
          id: 2,
          callFrame: frame('execute', 'file:///x/node_modules/graphql/execution/execute.js'),
          children: [3],
        },
        { id: 3, callFrame: frame('stringify', '') },
        { id: 4, callFrame: frame('(idle)', '') },
      ],
      samples: [2, 2, 3, 4],
      timeDeltas: [1000, 3000, 1000, 9000],
    };
    expect(breakDown(profile, 2).layers).toEqual([{ name: 'graphql-js', percent: 100 }]);
  });
});

const REQUESTS = 300;

/** The headers of the requests of the first workload, with names in lower case. */
function headersOf(form: Form): Record<string, string>[] {
  const next = createRequests(
    new URL('http://127.0.0.1/graphql'),
    WORKLOADS[0]?.cycle ?? [],
    form,
    takeNumbers(REQUESTS),
  );
  return Array.from({ length: REQUESTS }, () => {
    const [head = ''] = next().toString().split('\r\n\r\n');
    const lines = head.split('\r\n').slice(1);
    return Object.fromEntries(
      lines.map((line) => line.split(': ')).map(([name = '', value = '']) => [name.toLowerCase(), value]),
    );
  });
}

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

const listening = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
