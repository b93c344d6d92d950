import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { Tallies } from '../../src/telemetry/metrics/counter.js';

test('a tally is told of once, whoever asks for it, and counts on after it was read', async () => {
  const registry = new Registry();
  const tallies = new Tallies({
    name: 'asked_total',
    help: 'Asked.',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const lines = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('asked'));

  tallies.of({ route: 'graphql', status: 200 }).count++;
  tallies.of({ route: 'graphql', status: 200 }).count++;
  tallies.of({ route: 'graphql', status: 503 }).count++;
  expect(await lines()).toEqual([
    'asked_total{route="graphql",status="200"} 2',
    'asked_total{route="graphql",status="503"} 1',
  ]);
  expect(await lines()).toHaveLength(2);
  tallies.of({ status: 200, route: 'graphql' }).count++;
  expect((await lines())[0]).toBe('asked_total{route="graphql",status="200"} 3');
});
