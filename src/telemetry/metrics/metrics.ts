import { Router } from 'express';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { UpstreamState } from '../../catalog/upstream.js';
import type { OperationRecord, Repetition } from '../../graphql/operationRecord.js';
import type { UpstreamCall } from '../../linode/client/client.js';
import { VERSION } from '../../version.js';
import { Buckets } from './histogram.js';
import { outcomeOf, wordOfCode } from './outcome.js';
import { Tallies, type Tally } from './counter.js';
import type { RequestRecord, Route } from '../../http/server/requestRecord.js';

/** What a process that serves HTTP knows when `/metrics` is read. */
export interface ServingState {
  inFlight: number;
  isReady: boolean;
}

/** What is read when `/metrics` is. */
export type MetricsState = ServingState & UpstreamState;

export interface MetricsOptions {
  /**
   * What of the metrics this process tells; default `all`. A `worker` leaves out what only the primary knows: calls
   * to Linode, their budget and circuit, catalogs. The `primary` tells those, and nothing of HTTP and operations.
   * What is left out may be counted here, but is not told; neither is a part of the state that is absent.
   */
  part?: 'all' | 'worker' | 'primary';
  /** What `GET /metrics` answers; default: what this process tells. A worker asks the primary, which tells of all. */
  textOfAll?: () => Promise<string>;
  /** Operations that are told apart; all others count as `other`, for a client may name its own as it likes. */
  operationNames: ReadonlySet<string>;
  limits?: { callers: number; bytes: number };
  /** Whether to tell of the process too: memory, CPU, garbage collection, the event loop. */
  ofProcess: boolean;
  state: () => Partial<MetricsState>;
}

/** How several processes' gauges become one. */
type Aggregator = 'sum' | 'min' | 'max';

/** What a process that serves HTTP tells. */
const OF_SERVING = [
  'operations_total',
  'operation_duration_seconds',
  'errors_total',
  'bugs_total',
  'http_requests_total',
  'catalog_reads_total',
  'catalog_age_seconds',
  'http_requests_in_flight',
  'ready',
];
/** What the process that calls Linode tells. */
const OF_UPSTREAM = [
  'upstream_calls_total',
  'upstream_call_duration_seconds',
  'circuit_open',
  'catalog_callers',
  'catalog_bytes',
  'catalog_callers_limit',
  'catalog_bytes_limit',
  'anonymous_catalog_age_seconds',
  'list_budget_left',
];
const LEFT_OUT = { all: [], worker: OF_UPSTREAM, primary: OF_SERVING };

const OPERATION_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const AGE_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/** Counts what a gateway does, in labels of closed sets that hold no caller, no token and no client's text. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #operations = this.#counter('operations_total', 'GraphQL operations.', [
    'operation',
    'type',
    'outcome',
  ]);
  readonly #durations = this.#histogram(
    'operation_duration_seconds',
    'How long operations took.',
    ['type'],
    OPERATION_SECONDS,
  );
  readonly #errors = this.#counter('errors_total', 'Operations that held an error of this code.', ['code']);
  readonly #bugs = this.#counter('bugs_total', 'Failures that are bugs of the gateway.', []);
  readonly #requests = this.#counter('http_requests_total', 'HTTP requests; status none: the client left.', [
    'route',
    'status',
  ]);
  readonly #requestsOf: Readonly<Record<Route, Map<number | null, Tally>>> = {
    graphql: new Map(),
    health: new Map(),
    metrics: new Map(),
    page: new Map(),
    other: new Map(),
  };
  readonly #calls = this.#counter(
    'upstream_calls_total',
    'Requests to Linode; status none: no answer came.',
    ['kind', 'status'],
  );
  readonly #callDurations = this.#histogram(
    'upstream_call_duration_seconds',
    'How long Linode took.',
    ['kind'],
    CALL_SECONDS,
  );
  readonly #reads = this.#counter('catalog_reads_total', 'Operations by how the catalog served them.', [
    'result',
  ]);
  readonly #ages = this.#histogram(
    'catalog_age_seconds',
    'The age of the oldest thing an operation read.',
    [],
    AGE_SECONDS,
  );

  constructor(private readonly options: MetricsOptions) {
    const { part = 'all', limits, state } = options;
    this.#gauge('http_requests_in_flight', 'HTTP requests not answered yet.', 'sum', () => state().inFlight);
    this.#gauge('ready', '1 while readiness says yes.', 'min', () => numberOf(state().isReady));
    this.#gauge('circuit_open', '1 while calls to Linode are held back.', 'max', () =>
      numberOf(state().isCircuitOpen),
    );
    this.#gauge('catalog_callers', 'Callers whose images are held.', 'sum', () => state().catalog?.callers);
    this.#gauge(
      'catalog_bytes',
      'What their images take, as estimated.',
      'sum',
      () => state().catalog?.bytes,
    );
    this.#gauge('catalog_callers_limit', 'Callers held at most.', 'max', () => limits?.callers);
    this.#gauge('catalog_bytes_limit', 'Bytes that held images take at most.', 'max', () => limits?.bytes);
    this.#gauge(
      'anonymous_catalog_age_seconds',
      "The age of the anonymous caller's list; absent before it.",
      'max',
      () => {
        const ageMs = state().anonymousCatalogAgeMs ?? undefined;
        return ageMs === undefined ? undefined : ageMs / 1000;
      },
    );
    this.#budgetGauge();
    new Gauge({
      name: 'gateway_build_info',
      help: 'Always 1; the version is the label.',
      labelNames: ['version'],
      aggregator: 'first',
      registers: [this.#registry],
    }).set({ version: VERSION }, 1);
    for (const name of LEFT_OUT[part]) this.#registry.removeSingleMetric(`gateway_${name}`);
    if (options.ofProcess) collectDefaultMetrics({ register: this.#registry });
  }

  /** `GET /metrics` */
  get router(): Router {
    return Router().get('/metrics', async (_, res) => {
      res
        .set('Cache-Control', 'no-store')
        .type(this.#registry.contentType)
        .send(await (this.options.textOfAll ?? this.text)());
    });
  }

  /** What this process tells, in Prometheus' text format. */
  readonly text = (): Promise<string> => this.#registry.metrics();

  /** The same as JSON, to be summed with what other processes tell. */
  json(): Promise<object[]> {
    return this.#registry.getMetricsAsJSON();
  }

  operation(record: OperationRecord): void {
    this.repeats(record)(record);
  }

  /** Prepares to count an operation again and again. */
  repeats({ name, type, errorCodes, cache }: OperationRecord): (repetition: Repetition) => void {
    const operation = name === null ? 'anonymous' : this.options.operationNames.has(name) ? name : 'other';
    const durations = this.#durations.of({ type: type ?? 'none' });
    const ages = this.#ages.of({});
    const tallies = [
      this.#operations.of({ operation, type: type ?? 'none', outcome: outcomeOf(errorCodes) }),
      ...errorCodes.map((code) => this.#errors.of({ code: wordOfCode(code) })),
      ...cache.map((result) => this.#reads.of({ result })),
    ];
    return ({ durationMs, ageMs }) => {
      for (const tally of tallies) tally.count++;
      durations.observe(durationMs / 1000);
      if (ageMs !== null) ages.observe(ageMs / 1000);
    };
  }

  upstreamCall({ kind, status, durationMs }: UpstreamCall): void {
    this.#calls.of({ kind, status: status ?? 'none' }).count++;
    this.#callDurations.of({ kind }).observe(durationMs / 1000);
  }

  request({ route, status }: RequestRecord): void {
    const ofRoute = this.#requestsOf[route];
    let tally = ofRoute.get(status);
    if (!tally) ofRoute.set(status, (tally = this.#requests.of({ route, status: status ?? 'none' })));
    tally.count++;
  }

  bug(): void {
    this.#bugs.of({}).count++;
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Tallies<L> {
    return new Tallies({ name: `gateway_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[], buckets: number[]): Buckets<L> {
    return new Buckets({ name: `gateway_${name}`, help, labelNames, buckets, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, aggregator: Aggregator, read: () => number | undefined): void {
    new Gauge({
      name: `gateway_${name}`,
      help,
      aggregator,
      registers: [this.#registry],
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  #budgetGauge(): void {
    const { state } = this.options;
    new Gauge({
      name: 'gateway_list_budget_left',
      help: 'List calls left within the minute: of the anonymous caller, and the fewest of any other.',
      labelNames: ['callers'],
      aggregator: 'min',
      registers: [this.#registry],
      collect() {
        const left = state().listBudgetLeft;
        if (!left) return;
        this.set({ callers: 'anonymous' }, left.anonymous);
        this.set({ callers: 'authenticated' }, left.authenticated);
      },
    });
  }
}

const numberOf = (is: boolean | undefined): number | undefined => (is === undefined ? undefined : Number(is));
