import type { Clock } from '../clock.js';
import { Acknowledgements } from './acknowledgements.js';
import type { Entry } from './entry.js';
import type { Appended, PeersReceiver, PeersTransport, Position } from './transport.js';

/** How long a lease is valid, in ms. */
export const LEASE_MS = 1000;
/** By how much less the holder takes it to be valid: clocks do not run equally fast. */
const LEASE_MARGIN_MS = 50;
const RENEW_EVERY_MS = 250;
/** Renewals in a row that find more to apply. */
const MAX_ATTEMPTS = 5;

/** What a process does with what it learns of the others. */
export interface PeersHooks {
  /** Another process has changed something. */
  apply(change: string): void;
  /** Anything may have changed. */
  applyUnknown(): void;
  /** Redis has lost what this process had stored there. Runs before the process counts as connected. */
  restore(): Promise<void>;
  /** Redis is away, or is back. */
  onAlone?: ((isAlone: boolean) => void) | undefined;
}

/** A change, and what it makes wrong. */
export interface Announcement {
  change: string;
  /** The same change or a coarser one, of which there are few: what is announced when Redis was away. */
  late: string;
  /** Keys in Redis that are deleted in the same step. */
  forget: readonly string[];
}

/**
 * This process among those that share a Redis. It holds a lease, and may serve what is in its memory only while that is
 * valid; a lease is renewed only if this process has applied every change. The author of a change waits until each lease
 * holder has applied the change, or its lease has lapsed. (ADR 33)
 */
export class Peers implements PeersReceiver {
  /** How many processes there are, this one included, as last known. */
  known = 1;
  /** Since when this process is alone, on the clock; undefined while it is not. */
  aloneSince: number | undefined;
  #position: Position = { incarnation: '', applied: 0 };
  #leaseUntil = -Infinity;
  #renewal: Promise<boolean> | undefined;
  /** By change: the keys that are deleted with it. */
  readonly #late = new Map<string, readonly string[]>();
  readonly #acknowledgements: Acknowledgements;
  #cancelRenewal: () => void = () => undefined;
  #isClosed = false;

  constructor(
    readonly member: string,
    private readonly clock: Clock,
    private readonly transport: PeersTransport,
    private readonly hooks: PeersHooks,
  ) {
    this.#acknowledgements = new Acknowledgements(clock);
  }

  /** Joins the others if Redis answers, and keeps the lease from then on. */
  async start(): Promise<void> {
    await this.#renew();
    this.#scheduleRenewal();
  }

  /** Whether what is in memory may be served at this time on the clock, without a request to Redis. */
  mayServe(now: number): boolean {
    return now < this.#leaseUntil || this.aloneSince !== undefined;
  }

  /** Resolves when what is in memory may be served: at once, or after one renewal. */
  async ready(): Promise<void> {
    if (!this.mayServe(this.clock.now())) await this.#renew();
  }

  /** Redis may be back: renews the lease before its time. */
  reconnect(): void {
    if (!this.#isClosed) void this.#renew();
  }

  get incarnation(): string {
    return this.#position.incarnation;
  }

  /**
   * Passes a change on, and resolves when no process serves anything from before it. While Redis is away it resolves at
   * once, and the others receive the change later.
   * @returns whether Redis took it
   */
  async announce(announcement: Announcement): Promise<boolean> {
    try {
      const { seq, leases, unknownLeasesMs } = await this.#append(announcement);
      await this.#acknowledgements.waitFor(seq, leases, unknownLeasesMs);
      return true;
    } catch {
      // It may have been appended all the same. Then the others apply it twice.
      this.#late.set(announcement.late, announcement.forget);
      return false;
    }
  }

  async #append({ change, forget }: Omit<Announcement, 'late'>): Promise<Appended> {
    const appended = await this.transport.append(this.#position, change, forget);
    const { seq, previous, missed } = appended;
    for (const entry of missed ?? []) this.onEntry(entry);
    this.onEntry({ seq, previous, author: this.member, change });
    return appended;
  }

  /** What the others have not received because Redis was away. */
  async #announceLate(): Promise<void> {
    for (const [change, forget] of this.#late) {
      await this.#append({ change, forget });
      this.#late.delete(change);
    }
  }

  onEntry(entry: Entry): void {
    const { applied } = this.#position;
    if (entry.seq <= applied) return;
    if (entry.previous !== applied) {
      // The renewal brings what is missing.
      if (!this.#isClosed) void this.#renew();
      return;
    }
    this.#apply(entry);
  }

  onAcknowledged(member: string, seq: number): void {
    this.#acknowledgements.note(member, seq);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRenewal();
    this.#leaseUntil = -Infinity;
    await this.transport.leave().catch(() => undefined);
  }

  #apply({ seq, author, change }: Entry): void {
    if (author !== this.member) {
      this.hooks.apply(change);
      this.transport.acknowledge(author, seq);
    }
    this.#position = { ...this.#position, applied: seq };
  }

  #scheduleRenewal(): void {
    if (this.#isClosed) return;
    this.#cancelRenewal = this.clock.after(RENEW_EVERY_MS, () => {
      void this.#renew().then(() => {
        this.#scheduleRenewal();
      });
    });
  }

  /** Renews the lease once for all who need it; false if Redis is away. */
  #renew(): Promise<boolean> {
    this.#renewal ??= this.#tryToRenew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #tryToRenew(): Promise<boolean> {
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) if (await this.#renewOnce()) return true;
    } catch {
      // Redis is away.
    }
    this.#beAlone();
    return false;
  }

  /** @returns false if there was something to apply first */
  async #renewOnce(): Promise<boolean> {
    await this.#announceLate();
    if (this.aloneSince !== undefined) await this.hooks.restore();
    // The lease counts from before the request, wherever the request or its response was delayed.
    const sentAt = this.clock.now();
    const position = this.#position;
    const renewal = await this.transport.renew(position, this.known);
    if (renewal.result === 'other log') {
      await this.hooks.restore();
      this.#leaseUntil = -Infinity;
      this.#position = renewal.position;
      this.hooks.applyUnknown();
      return false;
    }
    if (renewal.result === 'behind') {
      if (renewal.missed === null) this.#skipTo(renewal.seq);
      else for (const entry of renewal.missed) if (entry.seq > this.#position.applied) this.#apply(entry);
      return false;
    }
    if (this.aloneSince !== undefined) {
      // Others may have written while they were alone, and this one has read meanwhile.
      this.hooks.applyUnknown();
      this.aloneSince = undefined;
      this.hooks.onAlone?.(false);
    }
    this.known = Math.max(1, renewal.known);
    this.#leaseUntil = Math.max(this.#leaseUntil, sentAt + LEASE_MS - LEASE_MARGIN_MS);
    return true;
  }

  #skipTo(seq: number): void {
    this.hooks.applyUnknown();
    this.#position = { ...this.#position, applied: Math.max(seq, this.#position.applied) };
  }

  /** Nothing from before is trusted: another process may have changed it since the lease lapsed. */
  #beAlone(): void {
    if (this.#isClosed || this.aloneSince !== undefined || this.clock.now() < this.#leaseUntil) return;
    this.hooks.applyUnknown();
    this.aloneSince = this.clock.now();
    this.hooks.onAlone?.(true);
  }
}
