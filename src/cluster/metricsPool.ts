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
  readonly #open = new Map<number, { source: MetricsSource; end: () => void }>();
  /** What each source that is there told last. */
  readonly #last = new Map<MetricsSource, object[]>();
  /** What those counted that are gone: a sum that fell would look like a restart of everything. */
  #departed: Promise<object[]> = Promise.resolve([]);
  #lastId = 0;

  constructor(
    private readonly clock: Clock,
    private readonly own: () => Promise<object[]>,
  ) {}

  /** In Prometheus' text format. A source that does not answer in time is told of as it was. */
  async text(sources: Iterable<MetricsSource>): Promise<string> {
    const asked = [...sources];
    const [own] = await Promise.all([this.own(), ...asked.map((source) => this.#collect(source))]);
    // Both are read at one moment: who left meanwhile is among the departed, and counts once.
    const [told, departed] = [asked.map((source) => this.#last.get(source) ?? []), this.#departed];
    return this.#sum([await departed, own, ...told]).metrics();
  }

  /** A source told its metrics. */
  collected(id: number, metrics: object[]): void {
    const asked = this.#open.get(id);
    if (!asked) return;
    this.#last.set(asked.source, metrics);
    asked.end();
  }

  /** A source is gone. What it counted since it was last asked nobody has seen. */
  leave(source: MetricsSource): void {
    const last = this.#last.get(source);
    this.#last.delete(source);
    for (const asked of [...this.#open.values()]) if (asked.source === source) asked.end();
    if (!last) return;
    const counted = (last as Metric[]).filter(({ type }) => type === 'counter' || type === 'histogram');
    this.#departed = this.#departed.then((before) => this.#sum([before, counted]).getMetricsAsJSON());
  }

  #collect(source: MetricsSource): Promise<void> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#open.delete(id);
        resolve();
      };
      const cancel = this.clock.after(PATIENCE_MS, end);
      this.#open.set(id, { source, end });
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
