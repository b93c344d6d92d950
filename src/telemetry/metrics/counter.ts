import { Counter, type CounterConfiguration } from 'prom-client';
import { LabelSets, type Labels } from './labelSets.js';

/** Counts of one set of labels that its counter has not been told of. */
export interface Tally {
  count: number;
}

/**
 * A counter that is told of its counts when it is read, and no sooner: prom-client makes a text of all labels and
 * looks it up at every count.
 */
export class Tallies<L extends string> {
  readonly #tallies: LabelSets<L, Tally>;

  constructor(configuration: CounterConfiguration<L> & { labelNames: readonly L[] }) {
    this.#tallies = new LabelSets(configuration.labelNames, () => ({ count: 0 }));
    const counter = new Counter({
      ...configuration,
      collect: () => {
        for (const [labels, tally] of this.#tallies.all()) {
          counter.inc(labels, tally.count);
          tally.count = 0;
        }
      },
    });
  }

  /** What to raise when one with these labels is to be counted. */
  of(labels: Labels<L>): Tally {
    return this.#tallies.of(labels);
  }
}
