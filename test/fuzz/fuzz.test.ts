import { afterEach, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { fuzz } from './fuzz.js';
import { atDepth } from '../support/depth.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

/** `npm run fuzz` sends 100,000. */
const REQUESTS = atDepth(1000, 20_000);

let linode: Sandbox;
let gateway: TestGateway;

afterEach(async () => {
  await gateway.close();
  await linode.close();
});

it(`answers ${REQUESTS} mutated requests with codes of the table`, async () => {
  linode = await startSandbox({ rateLimits: false, log: false });
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
  const { findings, statuses } = await fuzz(gateway.url, REQUESTS, 1);
  expect(findings.slice(0, 5)).toEqual([]);
  expect(gateway.bugs).toEqual([]);
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '401', '415']));
}, 180_000);
