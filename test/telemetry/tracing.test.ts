import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { askAt, startBuiltProcess, type BuiltProcess } from '../support/builtProcess.js';

/** A span as OTLP's JSON writes it, as far as the tests look. */
interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code?: number };
  attributes: { key: string; value: object }[];
}

interface ExportRequest {
  resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[];
}

/** A real OTLP/HTTP receiver. */
interface Receiver {
  url: string;
  requests: { path: string | undefined; body: string }[];
  spans(): Span[];
  server: Server;
}

async function startReceiver(): Promise<Receiver> {
  const requests: Receiver['requests'] = [];
  const server = createServer((req, res) => {
    let body = '';
    req
      .on('data', (chunk: Buffer) => {
        body += chunk.toString();
      })
      .on('end', () => {
        requests.push({ path: req.url, body });
        res.setHeader('content-type', 'application/json').end('{}');
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    server,
    spans: () =>
      requests.flatMap(({ body }) =>
        (JSON.parse(body) as ExportRequest).resourceSpans.flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
  };
}

let linode: Sandbox;
let receiver: Receiver;
let gateway: BuiltProcess;

async function open(env: (receiver: string) => Record<string, string>): Promise<void> {
  linode = await startSandbox();
  receiver = await startReceiver();
  gateway = await startBuiltProcess({
    env: { LINODE_API_URL: linode.url, GRAPHIQL: 'false', ...env(receiver.url) },
  });
}

/** Ends the gateway in order, which sends what is left. */
async function end(): Promise<Span[]> {
  gateway.child.kill('SIGTERM');
  await gateway.ended;
  return receiver.spans();
}

afterEach(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.ended;
  receiver.server.closeAllConnections();
  await new Promise((resolve) => receiver.server.close(resolve));
  await linode.close();
});

const endpoint = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

/** From the span up to its root, by name. */
function lineage(spans: Span[], span: Span | undefined): string[] {
  if (!span) return [];
  return [
    span.name,
    ...lineage(
      spans,
      spans.find(({ spanId }) => spanId === span.parentSpanId),
    ),
  ];
}

describe('traces', () => {
  it('run from the HTTP request through operation and resolver to the upstream call', async () => {
    await open(endpoint);
    await askAt(gateway.url, 'query Mine { images { totalCount } }', { authorization: 'Bearer alice-full' });
    await askAt(gateway.url, '{ image(id: "private/1") { id } }', { authorization: 'Bearer bob-full' });
    const spans = await end();
    expect(receiver.requests[0]?.path).toBe('/v1/traces');
    const upstream = spans.filter(({ name }) => name.startsWith('GET '));
    expect(upstream.map((span) => lineage(spans, span))).toEqual([
      ['GET /images', 'Query.images', 'query Mine', 'POST /graphql'],
      ['GET /images/{id}', 'Query.image', 'query', 'POST /graphql'],
    ]);
    expect(upstream.map(({ kind }) => kind)).toEqual([3, 3]);
    expect(spans.filter(({ name }) => name === 'POST /graphql').map(({ kind }) => kind)).toEqual([2, 2]);
  });

  it('continue the trace of a client that has one, and send nothing of it to Linode', async () => {
    await open(endpoint);
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await askAt(gateway.url, '{ images { totalCount } }', {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    });
    const spans = await end();
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const list = linode.requests.find(({ path }) => path === '/images');
    expect(Object.keys(list?.headers ?? {}).filter((name) => /^(trace|bagg)/.test(name))).toEqual([]);
  });

  it('hold no token, no variable and no document', async () => {
    await open(endpoint);
    const query =
      'mutation { updateImage(input: { id: "private/1", label: "my-secret" }) { userErrors { code } } }';
    await askAt(gateway.url, query, { authorization: 'Bearer alice-full' });
    await end();
    const sent = receiver.requests.map(({ body }) => body).join();
    for (const secret of ['alice-full', 'my-secret', 'userErrors', 'Bearer'])
      expect(sent).not.toContain(secret);
  });

  it('mark what failed, and are found by the id in the log', async () => {
    await open(endpoint);
    linode.fault({ path: '/images', status: 500 });
    await askAt(gateway.url, '{ images { totalCount } }');
    const spans = await end();
    expect(Object.fromEntries(spans.map(({ name, status }) => [name, status.code]))).toEqual({
      'GET /images': 2,
      'Query.images': 2,
      query: 2,
      'POST /graphql': 0,
    });
    const line = gateway.lines().find(({ msg }) => msg === 'operation');
    expect(line?.['traceId']).toBe(spans[0]?.traceId);
  });

  it('are off unless the standard variables enable them', async () => {
    await open(() => ({}));
    await askAt(gateway.url, '{ images { totalCount } }');
    expect(gateway.lines().some((line) => 'traceId' in line)).toBe(false);
    expect(await end()).toEqual([]);
  });

  it.each([{ OTEL_TRACES_EXPORTER: 'none' }, { OTEL_SDK_DISABLED: 'true' }])(
    'are off with %j',
    async (off) => {
      await open((url) => ({ ...endpoint(url), ...off }));
      await askAt(gateway.url, '{ images { totalCount } }');
      expect(await end()).toEqual([]);
    },
  );

  it('obey the standard sampler', async () => {
    await open((url) => ({ ...endpoint(url), OTEL_TRACES_SAMPLER: 'always_off' }));
    await askAt(gateway.url, '{ images { totalCount } }');
    expect(await end()).toEqual([]);
  });
});
