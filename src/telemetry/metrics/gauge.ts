import { Gauge, type Registry } from 'prom-client';

/** How the gauges of several processes become one. */
export type Aggregator = 'sum' | 'min' | 'max';

/**
 * Registers a gauge that is read when metrics are.
 * @param read undefined: no sample
 */
export function registerGauge(
  registry: Registry,
  name: string,
  help: string,
  aggregator: Aggregator,
  read: () => number | undefined,
): void {
  new Gauge({
    name,
    help,
    aggregator,
    registers: [registry],
    collect() {
      const value = read();
      if (value === undefined) this.remove();
      else this.set(value);
    },
  });
}
