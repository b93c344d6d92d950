import type { Clock } from '../clock.js';

/** A lease is taken to be valid for so much longer than Redis says, in ms: clocks do not run equally fast. */
const MARGIN_MS = 10;

interface Wait {
  seq: number;
  /** Processes that may still serve what is older. */
  members: Set<string>;
  end: () => void;
}

/** Which positions other processes have acknowledged, and what waits for that. */
export class Acknowledgements {
  readonly #acknowledged = new Map<string, number>();
  readonly #waits = new Set<Wait>();

  constructor(private readonly clock: Clock) {}

  /** That process has applied everything up to this position. */
  note(member: string, seq: number): void {
    if (seq <= (this.#acknowledged.get(member) ?? 0)) return;
    this.#acknowledged.set(member, seq);
    for (const wait of this.#waits) if (wait.seq <= seq) this.#release(wait, member);
  }

  /**
   * Resolves when each process has acknowledged the position or its lease has lapsed.
   * @param unknownLeasesMs how long it waits at least, for leases that Redis does not know of
   */
  waitFor(
    seq: number,
    leases: readonly { member: string; remainingMs: number }[],
    unknownLeasesMs: number,
  ): Promise<void> {
    const open = leases.filter(({ member }) => (this.#acknowledged.get(member) ?? 0) < seq);
    if (unknownLeasesMs > 0) open.push({ member: '', remainingMs: unknownLeasesMs });
    this.#forgetOthers(leases);
    if (open.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wait: Wait = { seq, members: new Set(open.map(({ member }) => member)), end: resolve };
      this.#waits.add(wait);
      for (const { member, remainingMs } of open) {
        this.clock.after(remainingMs + MARGIN_MS, () => {
          this.#release(wait, member);
        });
      }
    });
  }

  #release(wait: Wait, member: string): void {
    wait.members.delete(member);
    if (wait.members.size === 0 && this.#waits.delete(wait)) wait.end();
  }

  /** Processes come and go. An acknowledgement that was forgotten too early costs a wait. */
  #forgetOthers(leases: readonly { member: string }[]): void {
    if (this.#acknowledged.size <= 2 * leases.length + 16) return;
    const present = new Set(leases.map(({ member }) => member));
    for (const member of this.#acknowledged.keys())
      if (!present.has(member)) this.#acknowledged.delete(member);
  }
}
