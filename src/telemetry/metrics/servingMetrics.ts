import { Counter, type Registry } from 'prom-client';
import type { OperationRecord, ReplayRecord } from '../../graphql/operationRecord.js';
import type { RequestRecord, Route } from '../../http/server/requestRecord.js';
import { registerGauge } from './gauge.js';
import { codeLabel, outcomeOf } from './outcome.js';
import { ResolvedCounter, ResolvedHistogram, type CounterSeries } from './resolvedMetrics.js';

/** Read when metrics are. */
export interface ServingState {
  /** Requests whose response has not been sent. */
  inFlight: number;
  isReady: boolean;
}

const OPERATION_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const AGE_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/**
 * The metrics of a process that serves HTTP. Every label has a closed set of values: no caller, no token, no text
 * by a client.
 */
export class ServingMetrics {
  readonly #operationNames: ReadonlySet<string>;
  readonly #operations;
  readonly #durations;
  readonly #errors;
  readonly #reads;
  readonly #ages;
  readonly #requests;
  readonly #requestsByStatus: Readonly<Record<Route, Map<number | null, CounterSeries>>> = {
    graphql: new Map(),
    health: new Map(),
    metrics: new Map(),
    page: new Map(),
    auth: new Map(),
    other: new Map(),
  };
  readonly #internalErrors;

  /** @param operationNames the names that are distinguished; all others count as `other`, for clients choose them */
  constructor(registry: Registry, operationNames: ReadonlySet<string>, state: () => ServingState) {
    this.#operationNames = operationNames;
    const registers = [registry];
    this.#operations = new ResolvedCounter({
      name: 'gateway_operations_total',
      help: 'GraphQL operations.',
      labelNames: ['operation', 'type', 'outcome'],
      registers,
    });
    this.#durations = new ResolvedHistogram({
      name: 'gateway_operation_duration_seconds',
      help: 'Duration of GraphQL operations.',
      labelNames: ['type'],
      buckets: OPERATION_SECONDS,
      registers,
    });
    this.#errors = new ResolvedCounter({
      name: 'gateway_errors_total',
      help: 'GraphQL operations with an error of this code.',
      labelNames: ['code'],
      registers,
    });
    this.#internalErrors = new Counter({
      name: 'gateway_internal_errors_total',
      help: 'Internal errors: bugs of the gateway.',
      registers,
    });
    this.#requests = new ResolvedCounter({
      name: 'gateway_http_requests_total',
      help: 'HTTP requests. Status none: the client disconnected before a response.',
      labelNames: ['route', 'status'],
      registers,
    });
    this.#reads = new ResolvedCounter({
      name: 'gateway_catalog_reads_total',
      help: 'GraphQL operations by how the catalog served them.',
      labelNames: ['result'],
      registers,
    });
    this.#ages = new ResolvedHistogram({
      name: 'gateway_catalog_age_seconds',
      help: 'Age of the oldest cached data that an operation read.',
      labelNames: [],
      buckets: AGE_SECONDS,
      registers,
    }).labels({});
    registerGauge(
      registry,
      'gateway_http_requests_in_flight',
      'HTTP requests without a complete response.',
      'sum',
      () => state().inFlight,
    );
    registerGauge(registry, 'gateway_ready', '1 while the readiness probe succeeds.', 'min', () =>
      Number(state().isReady),
    );
  }

  operation(record: OperationRecord): void {
    this.prepareReplay(record)(record);
  }

  /** Resolves the label sets of an operation, to count it again and again. */
  prepareReplay({ name, type, errorCodes, cache }: OperationRecord): (replay: ReplayRecord) => void {
    const operation = name === null ? 'anonymous' : this.#operationNames.has(name) ? name : 'other';
    const typeLabel = type ?? 'none';
    const durations = this.#durations.labels({ type: typeLabel });
    const counters = [
      this.#operations.labels({ operation, type: typeLabel, outcome: outcomeOf(errorCodes) }),
      ...errorCodes.map((code) => this.#errors.labels({ code: codeLabel(code) })),
      ...cache.map((result) => this.#reads.labels({ result })),
    ];
    return ({ durationMs, ageMs }) => {
      for (const counter of counters) counter.inc();
      // A subscription lasts as long as its client wants.
      if (type !== 'subscription') durations.observe(durationMs / 1000);
      if (ageMs !== null) this.#ages.observe(ageMs / 1000);
    };
  }

  request({ route, status }: RequestRecord): void {
    const byStatus = this.#requestsByStatus[route];
    let series = byStatus.get(status);
    if (!series) byStatus.set(status, (series = this.#requests.labels({ route, status: status ?? 'none' })));
    series.inc();
  }

  internalError(): void {
    this.#internalErrors.inc();
  }
}
