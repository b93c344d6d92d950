import { describe, expect, it } from '@jest/globals';
import { MetricsPool, type MetricsSource } from '../../src/cluster/metricsPool.js';
import type { Registry } from 'prom-client';
import type { UpstreamState } from '../../src/catalog/upstream.js';
import { createRegistry } from '../../src/telemetry/metrics/registry.js';
import { ServingMetrics, type ServingState } from '../../src/telemetry/metrics/servingMetrics.js';
import { UpstreamMetrics } from '../../src/telemetry/metrics/upstreamMetrics.js';
import { manualClock } from '../support/manualClock.js';

const IDLE: UpstreamState = {
  isCircuitOpen: false,
  catalog: { callers: 3, bytes: 1000 },
  anonymousCatalogAgeMs: null,
  listBudgetLeft: { anonymous: 15, authenticated: 7 },
};

const servingOf = (registry: Registry, state: ServingState): ServingMetrics =>
  new ServingMetrics(registry, new Set(['Gallery']), () => state);

function createWorker(state: ServingState = { inFlight: 0, isReady: true }) {
  const registry = createRegistry(false);
  return { registry, metrics: servingOf(registry, state) };
}

function createPrimary() {
  const registry = createRegistry(false);
  const metrics = new UpstreamMetrics(registry, { maxCallers: 100, maxBytes: 1e6 }, () => IDLE);
  return { registry, metrics };
}

type Worker = ReturnType<typeof createWorker>;

/** A primary and its workers: those in `silent` do not answer. */
function poolOf(...workers: Worker[]) {
  const clock = manualClock();
  const primary = createPrimary();
  const pool = new MetricsPool(clock, () => primary.registry.getMetricsAsJSON());
  const silent = new Set<Worker>();
  const sources = workers.map((worker) => ({
    collect: (id: number) => {
      if (silent.has(worker)) return;
      void worker.registry.getMetricsAsJSON().then((metrics) => pool.collected(id, metrics));
    },
  }));
  return { clock, pool, primary, sources, silent };
}

async function samples(text: string | Promise<string>, name: string): Promise<Record<string, number>> {
  const lines = (await text).split('\n').map((line) => /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line));
  return Object.fromEntries(
    lines.flatMap((match) => (match?.[1] === name ? [[match[2] ?? '', Number(match[3])]] : [])),
  );
}

const namesIn = (text: string) => [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name).sort();
const count = ({ metrics }: Worker, times: number) => {
  for (let i = 0; i < times; i++) metrics.request({ route: 'graphql', status: 200 } as never);
};
const REQUESTS = 'gateway_http_requests_total';
const sourceAt = (sources: MetricsSource[], i: number): MetricsSource => {
  const source = sources[i];
  if (!source) throw new Error('no such source');
  return source;
};

it('each metric but the version comes from the primary or from the workers', async () => {
  const [worker, primary] = await Promise.all(
    [createWorker(), createPrimary()].map(async ({ registry }) => namesIn(await registry.metrics())),
  );
  expect(worker?.filter((name) => primary?.includes(name))).toEqual(['gateway_build_info']);
  expect(primary).toContain('gateway_upstream_calls_total');
  expect(worker).toContain('gateway_http_requests_in_flight');
});

describe('the metrics of several processes', () => {
  it('add up what they count', async () => {
    const [one, two] = [createWorker(), createWorker()];
    count(one, 2);
    count(two, 3);
    for (const { metrics } of [one, two])
      metrics.operation({
        name: 'Gallery',
        type: 'query',
        durationMs: 30,
        errorCodes: [],
        cache: ['hit'],
        ageMs: 1000,
      } as never);
    const { pool, sources, primary } = poolOf(one, two);
    primary.metrics.call({ kind: 'list', status: 200, durationMs: 20 } as never);
    const text = await pool.text(sources);
    expect(await samples(text, REQUESTS)).toEqual({ 'route="graphql",status="200"': 5 });
    expect(await samples(text, 'gateway_operation_duration_seconds_count')).toEqual({ 'type="query"': 2 });
    expect(await samples(text, 'gateway_operation_duration_seconds_bucket')).toMatchObject({
      'le="0.025",type="query"': 0,
      'le="0.05",type="query"': 2,
      'le="+Inf",type="query"': 2,
    });
    expect(await samples(text, 'gateway_upstream_calls_total')).toEqual({ 'kind="list",status="200"': 1 });
  });

  it('add up what is in flight, are ready when all are, and tell what only the primary knows as it does', async () => {
    const { pool, sources } = poolOf(
      createWorker({ inFlight: 2, isReady: true }),
      createWorker({ inFlight: 3, isReady: false }),
    );
    const text = await pool.text(sources);
    expect(await samples(text, 'gateway_http_requests_in_flight')).toEqual({ '': 5 });
    expect(await samples(text, 'gateway_ready')).toEqual({ '': 0 });
    expect(await samples(text, 'gateway_catalog_callers')).toEqual({ '': 3 });
    expect(await samples(text, 'gateway_catalog_callers_limit')).toEqual({ '': 100 });
    expect(await samples(text, 'gateway_list_budget_left')).toEqual({
      'callers="anonymous"': 15,
      'callers="authenticated"': 7,
    });
    expect(Object.values(await samples(text, 'gateway_build_info'))).toEqual([1]);
  });

  it('keep what those counted that are gone, and forget what was in flight there', async () => {
    const workers = [1, 2, 3].map((inFlight) => createWorker({ inFlight, isReady: true }));
    for (const worker of workers) count(worker, 10);
    const { pool, sources } = poolOf(...workers);
    await pool.text(sources);
    // Two at one moment.
    pool.leave(sourceAt(sources, 0));
    pool.leave(sourceAt(sources, 1));
    const text = await pool.text(sources.slice(2));
    expect(await samples(text, REQUESTS)).toEqual({ 'route="graphql",status="200"': 30 });
    expect(await samples(text, 'gateway_http_requests_in_flight')).toEqual({ '': 3 });
  });

  it('count one once that leaves while others are still asked', async () => {
    const [one, two] = [createWorker(), createWorker()];
    count(one, 10);
    count(two, 1);
    const { pool, sources, silent, clock } = poolOf(one, two);
    silent.add(two);
    const told = pool.text(sources);
    await new Promise(setImmediate);
    pool.leave(sourceAt(sources, 0));
    clock.advance(1000);
    expect(await samples(told, REQUESTS)).toEqual({ 'route="graphql",status="200"': 10 });
  });

  it('tell of one that does not answer within a second as it was, and do not wait for one that is gone', async () => {
    const [one, two] = [createWorker(), createWorker()];
    count(one, 1);
    count(two, 4);
    const { pool, sources, silent, clock } = poolOf(one, two);
    await pool.text(sources);
    silent.add(two);
    count(one, 1);
    const late = pool.text(sources);
    clock.advance(1000);
    await new Promise(setImmediate);
    expect(await samples(late, REQUESTS)).toEqual({ 'route="graphql",status="200"': 6 });
    const without = pool.text(sources);
    pool.leave(sourceAt(sources, 1));
    expect(await samples(without, REQUESTS)).toEqual({ 'route="graphql",status="200"': 6 });
  });
});
