import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { ResolvedCounter, ResolvedHistogram } from '../../src/telemetry/metrics/resolvedMetrics.js';

test('a counter exports each count once, and goes on counting after metrics were read', async () => {
  const registry = new Registry();
  const counter = new ResolvedCounter({
    name: 'requests_total',
    help: 'Requests.',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const lines = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('requests'));

  counter.labels({ route: 'graphql', status: 200 }).inc();
  counter.labels({ route: 'graphql', status: 200 }).inc();
  counter.labels({ route: 'graphql', status: 503 }).inc();
  expect(await lines()).toEqual([
    'requests_total{route="graphql",status="200"} 2',
    'requests_total{route="graphql",status="503"} 1',
  ]);
  expect(await lines()).toHaveLength(2);
  counter.labels({ status: 200, route: 'graphql' }).inc();
  expect((await lines())[0]).toBe('requests_total{route="graphql",status="200"} 3');
});

const CONFIGURATION = { name: 'duration_seconds', help: 'Duration.', buckets: [0.001, 0.01, 0.1, 1] };
const observation = fc.tuple(
  fc.constantFrom('query', 'mutation'),
  fc.oneof(fc.constantFrom(0, 0.001, 0.01, 1), fc.double({ min: 0, max: 3, noNaN: true })),
);

test.each([
  ['a label', ['type' as const]],
  ['no label', []],
])("a histogram exports what prom-client's own would: %s", async (_, labelNames) => {
  await fc.assert(
    fc.asyncProperty(fc.array(observation), async (values) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const resolved = new ResolvedHistogram({ ...CONFIGURATION, labelNames, registers: [ours] });
      const histogram = new Histogram({ ...CONFIGURATION, labelNames, registers: [theirs] });
      for (const [type, value] of values) {
        const labels = labelNames.length > 0 ? { type } : {};
        resolved.labels(labels as { type: string }).observe(value);
        histogram.observe(labels, value);
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
      const aggregated = (registry: Registry): Promise<string> =>
        registry
          .getMetricsAsJSON()
          .then((metrics) => AggregatorRegistry.aggregate([metrics, metrics]).metrics());
      expect(await aggregated(ours)).toBe(await aggregated(theirs));
    }),
  );
});
