import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { Buckets } from '../../src/telemetry/metrics/histogram.js';

const CONFIGURATION = { name: 'took_seconds', help: 'How long it took.', buckets: [0.001, 0.01, 0.1, 1] };
const observed = fc.tuple(
  fc.constantFrom('query', 'mutation'),
  fc.oneof(fc.constantFrom(0, 0.001, 0.01, 1), fc.double({ min: 0, max: 3, noNaN: true })),
);

test.each([
  ['a label', ['type' as const]],
  ['no label', []],
])('they tell what prom-client would of the same values: %s', async (_, labelNames) => {
  await fc.assert(
    fc.asyncProperty(fc.array(observed), async (values) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const buckets = new Buckets({ ...CONFIGURATION, labelNames, registers: [ours] });
      const histogram = new Histogram({ ...CONFIGURATION, labelNames, registers: [theirs] });
      for (const [type, value] of values) {
        const labels = labelNames.length > 0 ? { type } : {};
        buckets.of(labels as { type: string }).observe(value);
        histogram.observe(labels, value);
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
      const pooled = (registry: Registry): Promise<string> =>
        registry
          .getMetricsAsJSON()
          .then((metrics) => AggregatorRegistry.aggregate([metrics, metrics]).metrics());
      expect(await pooled(ours)).toBe(await pooled(theirs));
    }),
  );
});
