import { AggregatorRegistry } from 'prom-client';
import type { Clock } from '../clock.js';

const PATIENCE_MS = 1000;

/** A metric as prom-client tells it in JSON. */
interface Metric {
  name: string;
  type: string;
  aggregator: string;
}

/** One process that tells its metrics. */
export interface MetricsSource {
  collect(id: number): void;
}

/** The metrics of several processes, as if they were one. */
export class MetricsPool {
  readonly #open = new Map<number, (metrics: object[]) => void>();
  readonly #last = new Map<MetricsSource, object[]>();
  /** What those counted that are gone: a sum that fell would look like a restart of everything. */
  #departed: object[] = [];
  #lastId = 0;

  constructor(
    private readonly clock: Clock,
    private readonly own: () => Promise<object[]>,
  ) {}

  /** In Prometheus' text format. A source that does not answer in time is told of as it was. */
  async text(sources: Iterable<MetricsSource>): Promise<string> {
    const asked = [...sources];
    const told = await Promise.all([this.own(), ...asked.map((source) => this.#collect(source))]);
    return this.#sum([this.#departed, ...told]).metrics();
  }

  /** A source told its metrics. */
  collected(id: number, metrics: object[]): void {
    this.#open.get(id)?.(metrics);
  }

  /** A source is gone. What it counted since it was last asked nobody has seen. */
  async leave(source: MetricsSource): Promise<void> {
    const last = this.#last.get(source);
    this.#last.delete(source);
    if (!last) return;
    const counted = (last as Metric[]).filter(({ type }) => type === 'counter' || type === 'histogram');
    this.#departed = await this.#sum([this.#departed, counted]).getMetricsAsJSON();
  }

  #collect(source: MetricsSource): Promise<object[]> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const end = (metrics: object[]): void => {
        cancel();
        this.#open.delete(id);
        resolve(metrics);
      };
      const cancel = this.clock.after(PATIENCE_MS, () => {
        end(this.#last.get(source) ?? []);
      });
      this.#open.set(id, (metrics) => {
        this.#last.set(source, metrics);
        end(metrics);
      });
      source.collect(id);
    });
  }

  #sum(all: object[][]): InstanceType<typeof AggregatorRegistry> {
    const worst = all.map((metrics) => (metrics as Metric[]).map(worstOfLag));
    return AggregatorRegistry.aggregate(worst) as InstanceType<typeof AggregatorRegistry>;
  }
}

/** prom-client would average it, and hide the one process that stands still. */
const worstOfLag = (metric: Metric): Metric =>
  /^nodejs_eventloop_lag_(?:p\d+_)?seconds$/.test(metric.name) ? { ...metric, aggregator: 'max' } : metric;
