import { Counter, type CounterConfiguration } from 'prom-client';

/** Counts of one set of labels that its counter has not been told of. */
export interface Tally {
  count: number;
}

type Labels<L extends string> = Readonly<Record<L, string | number>>;

/**
 * A counter that is told of its counts when it is read, and no sooner: prom-client makes a text of all labels and
 * looks it up at every count.
 */
export class Tallies<L extends string> {
  readonly #tallies = new Map<string, { labels: Labels<L>; tally: Tally }>();

  /** @param configuration the counter's; each of its labels must have a closed set of values */
  constructor(private readonly configuration: CounterConfiguration<L> & { labelNames: readonly L[] }) {
    const counter = new Counter({
      ...configuration,
      collect: () => {
        for (const { labels, tally } of this.#tallies.values()) {
          counter.inc(labels, tally.count);
          tally.count = 0;
        }
      },
    });
  }

  /** What to raise when one with these labels is to be counted: always the same. */
  of(labels: Labels<L>): Tally {
    const key = this.configuration.labelNames.map((name) => labels[name]).join();
    let one = this.#tallies.get(key);
    if (!one) this.#tallies.set(key, (one = { labels, tally: { count: 0 } }));
    return one.tally;
  }
}
