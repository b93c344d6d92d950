import { afterEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { GRAPHIQL_DIRECTORY, startTestGateway, type TestGateway } from '../../support/gateway.js';

let linode: Sandbox | undefined;
let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.close();
  await linode?.close();
});

const APP = 'https://app.example.com';
const preflight = (url: string, origin: string) =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
const query = (url: string, origin: string) =>
  fetch(url, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
const granted = ({ headers }: Response) => headers.get('access-control-allow-origin');

describe.each([
  ['with GraphiQL', { graphiql: { directory: GRAPHIQL_DIRECTORY, sandbox: false } }],
  ['without GraphiQL', {}],
])('a page of another origin, %s,', (_, options) => {
  async function start(corsOrigins: string[]): Promise<string> {
    linode = await startSandbox();
    gateway = await startTestGateway({ linodeApiUrl: linode.url, protection: { corsOrigins }, ...options });
    return gateway.url;
  }

  it('may ask when it is on the list, with its token in a header', async () => {
    const url = await start([APP]);
    const response = await preflight(url, APP);
    expect(response.status).toBe(204);
    expect(granted(response)).toBe(APP);
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(response.headers.get('allow')).toBe('GET, POST, OPTIONS');
    expect(response.headers.get('vary')).toContain('Origin');
    expect(granted(await query(url, APP))).toBe(APP);
  });

  it('learns nothing when it is not', async () => {
    const url = await start([APP]);
    for (const origin of ['https://evil.example.com', `${APP}.evil.com`, 'null', 'http://app.example.com']) {
      expect(granted(await preflight(url, origin))).toBeNull();
      expect(granted(await query(url, origin))).toBeNull();
    }
  });

  it('may never send cookies', async () => {
    const url = await start([APP]);
    expect((await query(url, APP)).headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may ask from anywhere with *', async () => {
    const url = await start(['*']);
    expect(granted(await preflight(url, 'https://anywhere.example'))).toBe('*');
  });

  it('may not ask by default', async () => {
    expect(granted(await preflight(await start([]), APP))).toBeNull();
  });

  it('reads refusals too', async () => {
    const url = await start([APP]);
    expect(granted(await fetch(url, { method: 'PUT', headers: { origin: APP } }))).toBe(APP);
  });
});
