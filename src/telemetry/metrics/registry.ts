import { Router } from 'express';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { VERSION } from '../../version.js';

/**
 * A registry that knows the gateway's version.
 * @param ofProcess whether it also holds metrics of the process: memory, CPU, garbage collection, the event loop
 */
export function createRegistry(ofProcess: boolean): Registry {
  const registry = new Registry();
  new Gauge({
    name: 'gateway_build_info',
    help: 'Always 1; the version is a label.',
    labelNames: ['version'],
    aggregator: 'first',
    registers: [registry],
  }).set({ version: VERSION }, 1);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * `GET /metrics`
 * @param text what it responds with, in the Prometheus text format
 */
export const metricsRoute = (text: () => Promise<string>): Router =>
  Router().get('/metrics', async (_, res) => {
    res
      .set('Cache-Control', 'no-store')
      .type(Registry.PROMETHEUS_CONTENT_TYPE)
      .send(await text());
  });
