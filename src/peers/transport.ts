import type { Entry } from './entry.js';

/** Where a process stands: the log that it follows, and how much of it it has applied. */
export interface Position {
  /** Of the log; a Redis that lost its data begins another one. */
  incarnation: string;
  applied: number;
}

/** What has become of a request to renew the lease. */
export type Renewal =
  | { result: 'renewed'; live: number; known: number }
  /** There is more to apply first; null: too much, or it is lost. */
  | { result: 'behind'; seq: number; missed: readonly Entry[] | null }
  /** The log is another one: nothing from before may be trusted. */
  | { result: 'other log'; position: Position };

/** What has become of an entry. */
export interface Appended {
  incarnation: string;
  /** The new entry's. */
  seq: number;
  previous: number;
  /** Entries before it that the author had not applied; null if they are lost. */
  missed: readonly Entry[] | null;
  /** Other processes whose leases were valid, and for how many ms more. */
  leases: readonly { member: string; remainingMs: number }[];
  /** For how many ms more there may be leases that a log before this one granted. */
  unknownLeasesMs: number;
}

/** What processes exchange. Everything may be late or lost; requests reject when Redis is away. */
export interface PeersTransport {
  /** @param known processes as last known: a log that is young does not know all */
  renew(position: Position, known: number): Promise<Renewal>;
  /** @param forget keys that are deleted in the same step */
  append(position: Position, change: string, forget: readonly string[]): Promise<Appended>;
  acknowledge(author: string, seq: number): void;
  /** Ends the lease at once. */
  leave(): Promise<void>;
}

/** What a transport delivers. */
export interface PeersReceiver {
  onEntry(entry: Entry): void;
  /** That process has applied everything up to this position. */
  onAcknowledged(member: string, seq: number): void;
}
