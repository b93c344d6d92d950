import type { SharedFetches } from './sharedFetches.js';

/** What a write may have changed. */
export type WriteChange = { kind: 'image' | 'delete'; id: string } | { kind: 'list' };

/** What one process lets the others know of a caller: it has written, or its token was refused. */
export type CallerChange = { callerKey: string } & (WriteChange | { kind: 'refused' });

/** What a process does when others have changed something. */
export interface SharingHooks {
  apply(change: CallerChange): void;
  /** Anything may have changed. */
  applyUnknown(): void;
}

/** How catalogs of several processes behave as one. Absent, there is one process. */
export interface Sharing {
  readonly fetches: SharedFetches;
  /** Resolves when no process serves anything from before the change. */
  announce(change: CallerChange): Promise<void>;
  /** Runs a job while no other process runs one with this key. */
  exclusively<T>(key: string, job: () => Promise<T>): Promise<T>;
  /** The percentage, or a higher one that was reached before; null as long as none is known. */
  reach(callerKey: string, job: string, percent: number | null): Promise<number | null>;
  /** Whether what is in memory may be served at this time on the clock. */
  mayServe(now: number): boolean;
  /** Resolves when it may. */
  ready(): Promise<void>;
  /** From now on the hooks run. */
  connect(hooks: SharingHooks): void;
}
