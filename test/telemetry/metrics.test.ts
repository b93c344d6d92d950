import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PersistedOperations } from '../../src/graphql/documents/persistedOperations.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { manualClock, type ManualClock } from '../support/manualClock.js';
import { createHash } from 'node:crypto';

let clock: ManualClock;
let linode: Sandbox;
let gateway: TestGateway;

async function open(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  clock = manualClock();
  linode = await startSandbox({ now: clock.now });
  gateway = await startTestGateway({ linodeApiUrl: linode.url, clock, ...options });
}

afterEach(async () => {
  await gateway.close();
  await linode.close();
});

const scrape = async () => (await fetch(new URL('/metrics', gateway.url))).text();

/** The samples of one metric: its value by its labels, as they are written. */
async function samples(name: string): Promise<Record<string, number>> {
  const lines = (await scrape()).split('\n').map((line) => /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line));
  return Object.fromEntries(
    lines.flatMap((match) => (match?.[1] === name ? [[match[2] ?? '', Number(match[3])]] : [])),
  );
}

const IMAGES = '{ images { totalCount } }';

describe('/metrics', () => {
  it('counts operations by name out of a closed set, type and outcome', async () => {
    await open({ operationNames: ['Gallery'] });
    await gateway.ask('query Gallery { images { totalCount } }');
    await gateway.ask('query MadeUpByAClient { images { totalCount } }');
    await gateway.ask(IMAGES);
    await gateway.ask('{ images(first: -1) { totalCount } }');
    await gateway.ask('{ nothing }');
    linode.fault({ status: 500 });
    await gateway.ask('{ image(id: "private/1") { id } }', { token: 'bob-full' });
    expect(await samples('gateway_operations_total')).toEqual({
      'operation="Gallery",type="query",outcome="ok"': 1,
      'operation="other",type="query",outcome="ok"': 1,
      'operation="anonymous",type="query",outcome="ok"': 1,
      'operation="anonymous",type="query",outcome="client_error"': 1,
      'operation="anonymous",type="none",outcome="client_error"': 1,
      'operation="anonymous",type="query",outcome="upstream_error"': 1,
    });
    expect(await samples('gateway_errors_total')).toEqual({
      'code="BAD_USER_INPUT"': 1,
      'code="GRAPHQL_VALIDATION_FAILED"': 1,
      'code="UPSTREAM_UNAVAILABLE"': 1,
    });
  });

  it('counts persisted operations by name', async () => {
    const document = 'query Persisted { images { totalCount } }';
    const hash = createHash('sha256').update(document).digest('hex');
    await open({ protection: { persistedOperations: new PersistedOperations({ [hash]: document }) } });
    await gateway.ask(document);
    expect(await samples('gateway_operations_total')).toEqual({
      'operation="Persisted",type="query",outcome="ok"': 1,
    });
  });

  it('counts upstream calls by kind and status', async () => {
    await open();
    await gateway.ask(IMAGES, { token: 'alice-full' });
    await gateway.ask('{ image(id: "private/1") { id } }', { token: 'bob-full' });
    linode.fault({ reset: 'before' });
    const reset = gateway.ask('mutation { deleteImage(input: { id: "private/1" }) { deletedImageId } }', {
      token: 'bob-full',
    });
    await reset;
    expect(await samples('gateway_upstream_calls_total')).toEqual({
      'kind="list",status="200"': 1,
      'kind="view",status="404"': 1,
      'kind="write",status="none"': 1,
    });
  });

  it('counts rows that could not be read, by resource', async () => {
    await open();
    linode.fault({ path: '/regions', rows: { 'us-ord': { label: 7 }, 'us-iad': { status: null } } });
    await gateway.ask('{ regions { id } }');
    expect(await samples('gateway_unreadable_rows_total')).toEqual({ 'resource="regions"': 2 });
  });

  it('counts how the catalog served operations, and the age of its data', async () => {
    await open();
    const token = 'alice-full';
    await gateway.ask(IMAGES, { token });
    clock.advance(2000);
    await gateway.ask(IMAGES, { token });
    clock.advance(10_000);
    linode.fault({ path: '/images', status: 500 });
    await gateway.ask(IMAGES, { token, headers: { 'x-request-id': 'stale' } });
    expect(await samples('gateway_catalog_reads_total')).toEqual({
      'result="miss"': 1,
      'result="hit"': 1,
      'result="stale"': 1,
    });
    expect(await samples('gateway_catalog_age_seconds_count')).toEqual({ '': 3 });
    expect((await samples('gateway_catalog_age_seconds_sum'))['']).toBeGreaterThanOrEqual(14);
  });

  it('exports how many callers are cached, and their memory', async () => {
    await open();
    await gateway.ask(IMAGES, { token: 'alice-full' });
    const one = (await samples('gateway_catalog_bytes'))[''] ?? 0;
    expect(one).toBeGreaterThan(5000);
    await gateway.ask(IMAGES, { token: 'bob-full' });
    expect((await samples('gateway_catalog_bytes'))['']).toBeGreaterThan(one);
    expect(await samples('gateway_catalog_callers')).toEqual({ '': 2 });
  });

  it('exports the list budget left: of the anonymous caller, and the lowest of all others', async () => {
    await open();
    expect(await samples('gateway_list_budget_left')).toEqual({
      'callers="anonymous"': 15,
      'callers="authenticated"': 15,
    });
    const noCache = { 'cache-control': 'no-cache' };
    for (let i = 0; i < 3; i++) await gateway.ask(IMAGES, { token: 'alice-full', headers: noCache });
    await gateway.ask(IMAGES, { token: 'bob-full', headers: noCache });
    await gateway.ask(IMAGES, { headers: noCache });
    expect(await samples('gateway_list_budget_left')).toEqual({
      'callers="anonymous"': 14,
      'callers="authenticated"': 12,
    });
  });

  it('exports the age of the anonymous list, once there is one', async () => {
    await open();
    expect(await samples('gateway_anonymous_catalog_age_seconds')).toEqual({});
    await gateway.ask(IMAGES);
    clock.advance(7000);
    expect(await samples('gateway_anonymous_catalog_age_seconds')).toEqual({ '': 7 });
  });

  it('counts every request once, by route and status, and what is not HTTP', async () => {
    await open();
    await gateway.ask(IMAGES);
    await fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
    await fetch(new URL('/private/path', gateway.url));
    await fetch(new URL('/health/live', gateway.url));
    await sendNonsense();
    expect(await samples('gateway_http_requests_total')).toEqual({
      'route="graphql",status="200"': 1,
      'route="graphql",status="400"': 1,
      'route="other",status="404"': 1,
      'route="health",status="200"': 1,
      'route="other",status="400"': 1,
    });
  });

  it('exports readiness, and requests in flight', async () => {
    await open();
    expect(await samples('gateway_ready')).toEqual({ '': 1 });
    // The request for the metrics themselves.
    expect(await samples('gateway_http_requests_in_flight')).toEqual({ '': 1 });
    gateway.unready();
    expect(await samples('gateway_ready')).toEqual({ '': 0 });
  });

  it('holds no token, no digest of one, no ID and no name that a client made up', async () => {
    await open();
    await gateway.ask('query MadeUp { image(id: "private/7777777") { id } }', { token: 'alice-full' });
    const { caller } = gateway.operations[0] ?? {};
    const text = await scrape();
    for (const secret of ['alice-full', 'MadeUp', '7777777', String(caller)])
      expect(text).not.toContain(secret);
  });
});

function sendNonsense(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () =>
      socket.write('no HTTP\r\n\r\n'),
    );
    socket.resume().once('close', () => {
      resolve();
    });
  });
}
