import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { UpstreamState } from '../../catalog/upstream.js';
import { resourceOf } from '../../linode/api/pathTemplate.js';
import type { UpstreamCall } from '../../linode/client/client.js';
import { registerGauge, type Aggregator } from './gauge.js';

const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of the process that calls Linode: calls, budgets, the circuit breaker, catalogs. */
export class UpstreamMetrics {
  readonly #calls;
  readonly #durations;
  readonly #unreadableRows;

  /** @param limits what the catalogs of all callers may hold at most */
  constructor(
    registry: Registry,
    limits: { maxCallers: number; maxBytes: number },
    state: () => UpstreamState,
  ) {
    const registers = [registry];
    this.#calls = new Counter({
      name: 'gateway_upstream_calls_total',
      help: 'Requests to Linode. Status none: no response.',
      labelNames: ['kind', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'gateway_upstream_call_duration_seconds',
      help: 'Duration of requests to Linode.',
      labelNames: ['kind'],
      buckets: CALL_SECONDS,
      registers,
    });
    this.#unreadableRows = new Counter({
      name: 'gateway_unreadable_rows_total',
      help: "Rows of Linode's lists that could not be read, and were left out.",
      labelNames: ['resource'],
      registers,
    });
    const gauge = (
      name: string,
      help: string,
      aggregator: Aggregator,
      read: () => number | undefined,
    ): void => {
      registerGauge(registry, `gateway_${name}`, help, aggregator, read);
    };
    gauge('circuit_open', '1 while the circuit breaker holds calls to Linode back.', 'max', () =>
      Number(state().isCircuitOpen),
    );
    gauge('catalog_callers', 'Callers with a cached catalog.', 'sum', () => state().catalog.callers);
    gauge('catalog_bytes', 'Estimated memory of cached catalogs.', 'sum', () => state().catalog.bytes);
    gauge('catalog_callers_limit', 'Limit of catalog_callers.', 'max', () => limits.maxCallers);
    gauge('catalog_bytes_limit', 'Limit of catalog_bytes.', 'max', () => limits.maxBytes);
    gauge(
      'anonymous_catalog_age_seconds',
      "Age of the anonymous caller's list; absent before the first one.",
      'max',
      () => {
        const ageMs = state().anonymousCatalogAgeMs;
        return ageMs === null ? undefined : ageMs / 1000;
      },
    );
    new Gauge({
      name: 'gateway_list_budget_left',
      help: 'List calls left in the current minute: of the anonymous caller, and the lowest of all others.',
      labelNames: ['callers'],
      aggregator: 'min',
      registers,
      collect() {
        const { anonymous, authenticated } = state().listBudgetLeft;
        this.set({ callers: 'anonymous' }, anonymous);
        this.set({ callers: 'authenticated' }, authenticated);
      },
    });
  }

  call({ kind, path, status, durationMs, unreadable }: UpstreamCall): void {
    this.#calls.inc({ kind, status: status ?? 'none' });
    this.#durations.observe({ kind }, durationMs / 1000);
    if (unreadable) this.#unreadableRows.inc({ resource: resourceOf(path) }, unreadable.length);
  }
}
