/** Values of a metric's labels. */
export type Labels<L extends string> = Readonly<Record<L, string | number>>;

/** One thing for each set of labels that came, always the same; each label must have a closed set of values. */
export class LabelSets<L extends string, T> {
  readonly #sets = new Map<string, readonly [Labels<L>, T]>();

  constructor(
    private readonly labelNames: readonly L[],
    private readonly make: () => T,
  ) {
    if (labelNames.length === 0) this.of({} as Labels<L>);
  }

  of(labels: Labels<L>): T {
    const key = this.labelNames.map((name) => labels[name]).join();
    let set = this.#sets.get(key);
    if (!set) this.#sets.set(key, (set = [labels, this.make()]));
    return set[1];
  }

  all(): (readonly [Labels<L>, T])[] {
    return [...this.#sets.values()];
  }

  clear(): void {
    this.#sets.clear();
  }
}
