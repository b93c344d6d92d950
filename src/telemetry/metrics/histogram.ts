import type {
  Histogram,
  HistogramConfiguration,
  MetricObjectWithValues,
  MetricValueWithName,
} from 'prom-client';
import { LabelSets, type Labels } from './labelSets.js';

/** The values that came under one set of labels. */
export interface Series {
  observe(value: number): void;
}

/**
 * A histogram that tells what prom-client's own would tell, and leaves nothing to be collected: prom-client makes
 * objects and texts for each value.
 */
export class Buckets<L extends string> {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #series: LabelSets<L, Counted>;

  constructor(
    configuration: Pick<HistogramConfiguration<L>, 'name' | 'help' | 'registers'> & {
      labelNames: readonly L[];
      /** Upper bounds, from the lowest up. */
      buckets: readonly number[];
    },
  ) {
    this.name = configuration.name;
    this.help = configuration.help;
    this.#bounds = configuration.buckets;
    this.#series = new LabelSets(configuration.labelNames, () => new Counted(configuration.buckets));
    // What prom-client asks of a metric is what is here.
    for (const registry of configuration.registers ?? [])
      registry.registerMetric(this as unknown as Histogram<L>);
  }

  /** Where to tell of values that come with these labels. */
  of(labels: Labels<L>): Series {
    return this.#series.of(labels);
  }

  /** What has come, as prom-client tells it: buckets that hold those before them, sums and counts. */
  get(): Promise<MetricObjectWithValues<MetricValueWithName<L | 'le'>>> {
    const { name, help, type, aggregator } = this;
    const values = this.#series.all().flatMap(([labels, counted]) => this.#told(labels, counted));
    // Its declarations know types and aggregators as numbers and closed words, itself it tells words.
    return Promise.resolve({ name, help, type, aggregator, values } as never);
  }

  reset(): void {
    this.#series.clear();
  }

  #told(labels: Labels<L>, { counts, sum, count }: Counted): object[] {
    let below = 0;
    return [
      ...this.#bounds.map((le, i) => ({
        metricName: `${this.name}_bucket`,
        labels: { le, ...labels },
        value: (below += counts[i] ?? 0),
      })),
      { metricName: `${this.name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}

class Counted implements Series {
  readonly counts: Float64Array;
  sum = 0;
  count = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length);
  }

  observe(value: number): void {
    this.sum += value;
    this.count++;
    const at = this.bounds.findIndex((bound) => value <= bound);
    if (at !== -1) this.counts[at] = (this.counts[at] ?? 0) + 1;
  }
}
