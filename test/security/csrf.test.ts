import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox();
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

const QUERY = '{ images { totalCount } }';
const byGet = (headers: Record<string, string>) =>
  fetch(`${gateway.url}?query=${encodeURIComponent(QUERY)}`, { headers });

/** What any page can make a browser send without a preflight. */
describe('a request that a foreign page could make', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is refused as %s',
    async (type) => {
      linode.clearRequests();
      const body = JSON.stringify({ query: QUERY });
      const response = await fetch(gateway.url, { method: 'POST', headers: { 'content-type': type }, body });
      expect(response.status).toBe(415);
      expect(linode.requests).toEqual([]);
    },
  );

  it('is refused by GET, without a header that forces a preflight', async () => {
    linode.clearRequests();
    expect((await byGet({})).status).toBe(400);
    expect((await byGet({ 'apollo-require-preflight': '' })).status).toBe(400);
    expect(linode.requests).toEqual([]);
  });

  it.each([
    { 'apollo-require-preflight': '1' },
    { 'x-apollo-operation-name': 'Images' },
    { 'content-type': 'application/json' },
  ])('passes by GET with %j', async (headers) => {
    expect((await byGet(headers)).status).toBe(200);
  });
});
