import {
  Counter,
  type CounterConfiguration,
  type Histogram,
  type HistogramConfiguration,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from 'prom-client';

/*
 * Counters and histograms whose label sets are resolved once, for what is counted with every request. prom-client
 * builds a text of the labels and looks it up at every count: docs/adr/0019-resolved-metrics.md has the cost.
 */

/** Values of a metric's labels. Each label must have a closed set of values. */
export type Labels<L extends string> = Readonly<Record<L, string | number>>;

/** Counts of one label set. */
export class CounterSeries {
  /** Counts that prom-client's counter does not have yet. */
  #pending = 0;

  inc(): void {
    this.#pending++;
  }

  take(): number {
    const pending = this.#pending;
    this.#pending = 0;
    return pending;
  }
}

/** A counter of prom-client's that receives its counts when metrics are read. */
export class ResolvedCounter<L extends string> {
  readonly #series: SeriesByLabels<L, CounterSeries>;

  constructor(configuration: CounterConfiguration<L> & { labelNames: readonly L[] }) {
    this.#series = new SeriesByLabels(configuration.labelNames, () => new CounterSeries());
    const counter = new Counter({
      ...configuration,
      collect: () => {
        for (const [labels, series] of this.#series.entries()) counter.inc(labels, series.take());
      },
    });
  }

  labels(labels: Labels<L>): CounterSeries {
    return this.#series.of(labels);
  }
}

/** Observations of one label set. */
export class HistogramSeries {
  /** Observations by bucket, not cumulative; those above the highest bound are in `count` alone. */
  readonly counts: Float64Array;
  sum = 0;
  count = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length);
  }

  observe(value: number): void {
    this.sum += value;
    this.count++;
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    if (bucket !== -1) this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
  }
}

/** A histogram that exports what prom-client's own would. */
export class ResolvedHistogram<L extends string> {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #series: SeriesByLabels<L, HistogramSeries>;

  constructor(
    configuration: Pick<HistogramConfiguration<L>, 'name' | 'help' | 'registers'> & {
      labelNames: readonly L[];
      /** Upper bounds, ascending. */
      buckets: readonly number[];
    },
  ) {
    this.name = configuration.name;
    this.help = configuration.help;
    this.#bounds = configuration.buckets;
    this.#series = new SeriesByLabels(
      configuration.labelNames,
      () => new HistogramSeries(configuration.buckets),
    );
    // A registry calls `get` and `reset`, and reads the four fields above.
    for (const registry of configuration.registers ?? [])
      registry.registerMetric(this as unknown as Histogram<L>);
  }

  labels(labels: Labels<L>): HistogramSeries {
    return this.#series.of(labels);
  }

  /** All samples: cumulative buckets, sums and counts. */
  get(): Promise<MetricObjectWithValues<MetricValueWithName<L | 'le'>>> {
    const { name, help, type, aggregator } = this;
    const values = this.#series.entries().flatMap(([labels, series]) => this.#samples(labels, series));
    // prom-client declares type and aggregator as enums, and uses plain strings.
    return Promise.resolve({ name, help, type, aggregator, values } as never);
  }

  reset(): void {
    this.#series.clear();
  }

  #samples(labels: Labels<L>, { counts, sum, count }: HistogramSeries): object[] {
    let cumulative = 0;
    return [
      ...this.#bounds.map((le, i) => ({
        metricName: `${this.name}_bucket`,
        labels: { le, ...labels },
        value: (cumulative += counts[i] ?? 0),
      })),
      { metricName: `${this.name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}

/** One series for each label set that occurred. A metric without labels has its series from the start. */
class SeriesByLabels<L extends string, T> {
  readonly #series = new Map<string, readonly [Labels<L>, T]>();

  constructor(
    private readonly labelNames: readonly L[],
    private readonly create: () => T,
  ) {
    if (labelNames.length === 0) this.of({} as Labels<L>);
  }

  of(labels: Labels<L>): T {
    const key = this.labelNames.map((name) => labels[name]).join();
    let entry = this.#series.get(key);
    if (!entry) this.#series.set(key, (entry = [labels, this.create()]));
    return entry[1];
  }

  entries(): (readonly [Labels<L>, T])[] {
    return [...this.#series.values()];
  }

  clear(): void {
    this.#series.clear();
  }
}
