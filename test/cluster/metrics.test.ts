import { describe, expect, it } from '@jest/globals';
import { MetricsPool, type MetricsSource } from '../../src/cluster/metricsPool.js';
import { Metrics, type MetricsOptions, type MetricsState } from '../../src/telemetry/metrics/metrics.js';
import { manualClock } from '../support/manualClock.js';

const IDLE: MetricsState = {
  inFlight: 0,
  isReady: true,
  isCircuitOpen: false,
  catalog: { callers: 3, bytes: 1000 },
  anonymousCatalogAgeMs: null,
  listBudgetLeft: { anonymous: 15, authenticated: 7 },
};

function metricsOf(part: MetricsOptions['part'], state: Partial<MetricsState> = IDLE): Metrics {
  return new Metrics({
    part: part ?? 'all',
    operationNames: new Set(['Gallery']),
    limits: { callers: 100, bytes: 1e6 },
    ofProcess: false,
    state: () => state,
  });
}

/** A primary and its workers: those in `silent` do not answer. */
function poolOf(...workers: Metrics[]) {
  const clock = manualClock();
  const primary = metricsOf('primary');
  const pool = new MetricsPool(clock, () => primary.json());
  const silent = new Set<Metrics>();
  const sources = workers.map((metrics) => ({
    collect: (id: number) => {
      if (!silent.has(metrics)) void metrics.json().then((told) => pool.collected(id, told));
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
const count = (metrics: Metrics, times: number) => {
  for (let i = 0; i < times; i++) metrics.request({ route: 'graphql', status: 200 } as never);
};
const REQUESTS = 'gateway_http_requests_total';
const sourceAt = (sources: MetricsSource[], i: number): MetricsSource => {
  const source = sources[i];
  if (!source) throw new Error('no such source');
  return source;
};

describe('the metrics of one process', () => {
  it('are told by a worker and its primary together, each but the version by one of them', async () => {
    const [all, worker, primary] = await Promise.all(
      (['all', 'worker', 'primary'] as const).map(async (part) => namesIn(await metricsOf(part).text())),
    );
    expect(worker?.filter((name) => primary?.includes(name))).toEqual(['gateway_build_info']);
    expect([...new Set([...(worker ?? []), ...(primary ?? [])])].sort()).toEqual(all);
    expect(primary).toContain('gateway_upstream_calls_total');
    expect(worker).toContain('gateway_http_requests_in_flight');
  });

  it('leave out a gauge whose part of the state is absent', async () => {
    const text = metricsOf('all', {}).text();
    for (const name of ['ready', 'circuit_open', 'catalog_bytes', 'list_budget_left'])
      expect(await samples(text, `gateway_${name}`)).toEqual({});
  });
});

describe('the metrics of several processes', () => {
  it('add up what they count', async () => {
    const [one, two] = [metricsOf('worker'), metricsOf('worker')];
    count(one, 2);
    count(two, 3);
    for (const metrics of [one, two])
      metrics.operation({
        name: 'Gallery',
        type: 'query',
        durationMs: 30,
        errorCodes: [],
        cache: ['hit'],
        ageMs: 1000,
      } as never);
    const { pool, sources, primary } = poolOf(one, two);
    primary.upstreamCall({ kind: 'list', status: 200, durationMs: 20 } as never);
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
      metricsOf('worker', { ...IDLE, inFlight: 2 }),
      metricsOf('worker', { ...IDLE, inFlight: 3, isReady: false }),
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
    const workers = [1, 2, 3].map((inFlight) => metricsOf('worker', { ...IDLE, inFlight }));
    for (const metrics of workers) count(metrics, 10);
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
    const [one, two] = [metricsOf('worker'), metricsOf('worker')];
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
    const [one, two] = [metricsOf('worker'), metricsOf('worker')];
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
