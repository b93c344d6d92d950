import type { Reading } from '../catalog/reading.js';
import { isMoving } from '../catalog/images/freshness.js';
import type { SharedCatalog, SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import type { LinodeImage } from '../linode/api/images.js';
import type { Caller } from '../linode/caller.js';
import type { CallTerms } from '../linode/client/client.js';
import { Deadline } from '../linode/client/deadline.js';
import {
  LinodeForbidden,
  LinodeRateLimited,
  LinodeUnauthenticated,
  OperationAborted,
} from '../linode/errors.js';
import { EventFeed } from './eventFeed.js';
import type { Interest, LiveSubscription } from './liveSubscription.js';
import { presentImages, ViewedImages } from './presentImages.js';
import { Subscribers } from './subscribers.js';
import { nextState, NOTHING_KNOWN, type LiveState } from './liveState.js';

/** How often what changes by itself is polled, in ms. */
const MOVING_INTERVAL_MS = 2000;
/** A view within an interval is not made again because its response took a while. */
const MOVING_MAX_AGE_MS = MOVING_INTERVAL_MS - 100;
/** How often all images are listed at most, in ms: their share of the budget is three lists a minute. */
const LIST_INTERVAL_MS = 20_000;
/** Images viewed in one poll: their share of the budget allows about two. The catalog lists for more than twenty. */
const MAX_VIEWS = 6;
/** Data that could not be refreshed for so long is stale, whatever the reason, in ms. */
const MAX_UNREFRESHED_MS = 60_000;
/** The longest interval while Linode fails, in ms. */
const MAX_OUTAGE_INTERVAL_MS = 30_000;

export interface LivePollerParts {
  catalogs: SharedCatalogs;
  clock: Clock;
  /** How often to poll while nothing changes by itself, in ms. */
  idleIntervalMs: (caller: Caller) => number;
  /** How long one poll may take, in ms. */
  requestTimeoutMs: number;
  /** Receives errors that are no failure of Linode. */
  reportInternalError: (error: unknown) => void;
}

/**
 * Polls Linode for all subscriptions of one caller, whatever their number, while there are any. It reads through the
 * caller's catalog with the priority `live`, so other operations share what it fetches, and it what they fetch.
 */
export class LivePoller {
  readonly #subscribers = new Subscribers(() => {
    this.#stop();
  });
  readonly #viewed = new ViewedImages();
  readonly #events: EventFeed;
  #state: LiveState = NOTHING_KNOWN;
  /** IDs that events have named, to be viewed. */
  readonly #touched = new Set<string>();
  /** When images were last viewed, on the clock: those that wait longest come first. */
  readonly #viewedAt = new Map<string, number>();
  #listDueAt = 0;
  #staleAgeMs: number | undefined;
  #failures = 0;
  #polledAt = -Infinity;
  #isPolling = false;
  #isCompleting = false;
  #isStopped = false;
  #cancelPoll: () => void = () => undefined;
  #deadline: Deadline | undefined;

  /** @param onIdle called when the last subscription has left: the poller is stopped */
  constructor(
    private readonly caller: Caller,
    private readonly parts: LivePollerParts,
    private readonly onIdle: () => void,
  ) {
    this.#events = new EventFeed(caller, parts);
  }

  /** The catalog must have read what is followed before. The subscription begins with the present state. */
  follow(interest: Interest): LiveSubscription {
    const subscription = this.#subscribers.add(interest);
    if (this.#subscribers.size === 1) this.#polledAt = this.#now;
    if (!this.#publish()) subscription.offer(this.#state);
    this.#schedule();
    return subscription;
  }

  /** The caller's images may have changed in the catalog: by a write, or because another operation fetched them. */
  catalogChanged(): void {
    if (this.#isStopped) return;
    this.#publish();
    this.#schedule();
    if (this.#isIncomplete) void this.#complete();
  }

  get #catalog(): SharedCatalog {
    return this.parts.catalogs.of(this.caller);
  }

  get #now(): number {
    return this.parts.clock.now();
  }

  /** Whether the catalog has to be read before the state is complete. */
  get #isIncomplete(): boolean {
    if (this.#subscribers.followAll && this.#catalog.ageMs === undefined) return true;
    return this.#unknownIds.length > 0;
  }

  /** Followed images of which it is not known whether they exist. */
  get #unknownIds(): string[] {
    const { images, missing } = this.#state;
    return [...this.#subscribers.ids].filter((id) => !images.has(id) && !missing.has(id));
  }

  #schedule(): void {
    if (this.#isStopped || this.#isPolling) return;
    this.#cancelPoll();
    const waitMs = Math.max(0, this.#polledAt + this.#intervalMs - this.#now);
    this.#cancelPoll = this.parts.clock.after(waitMs, () => void this.#poll());
  }

  get #intervalMs(): number {
    const idleMs = this.parts.idleIntervalMs(this.caller);
    const usualMs = this.#hasMoving ? Math.min(MOVING_INTERVAL_MS, idleMs) : idleMs;
    const failingMs = this.#failures > 0 ? MOVING_INTERVAL_MS * 2 ** Math.min(this.#failures, 6) : 0;
    return Math.max(usualMs, Math.min(failingMs, MAX_OUTAGE_INTERVAL_MS));
  }

  get #hasMoving(): boolean {
    for (const { image } of this.#state.images.values()) if (isMoving(image)) return true;
    return false;
  }

  /**
   * Reads what a change has left unknown, such as an image that is gone. It waits for no poll in flight, which may take
   * long; mostly the catalog knows.
   */
  async #complete(): Promise<void> {
    if (this.#isCompleting) return;
    this.#isCompleting = true;
    const { catalogs, clock, requestTimeoutMs } = this.parts;
    const deadline = new Deadline(clock, requestTimeoutMs, '/images');
    const reading = catalogs.reading({ ...deadline.terms, priority: 'live', waitsFor429: false }, undefined);
    const problems = [
      this.#catalog.ageMs === undefined ? await this.#list(reading) : undefined,
      await this.#view(this.#unknownIds, reading),
    ];
    deadline.lift();
    this.#isCompleting = false;
    const refusal = problems.find(isRefusal);
    if (refusal) this.#failed(refusal);
    else this.#publish();
  }

  async #poll(): Promise<void> {
    if (this.#isPolling || this.#isStopped) return;
    this.#isPolling = true;
    this.#polledAt = this.#now;
    const { clock, requestTimeoutMs } = this.parts;
    this.#deadline = new Deadline(clock, requestTimeoutMs, '/images');
    try {
      await this.#read({ ...this.#deadline.terms, priority: 'live', waitsFor429: false });
    } catch (error) {
      if (!(error instanceof OperationAborted)) this.#failed(error);
    } finally {
      this.#deadline.lift();
      this.#deadline = undefined;
      this.#isPolling = false;
    }
    if (this.#isStopped) return;
    this.#publish();
    this.#schedule();
  }

  async #read(terms: CallTerms): Promise<void> {
    const reading = (maxAgeMs?: number): Reading => this.parts.catalogs.reading(terms, maxAgeMs);
    const [usual, moving, touched] = [reading(), reading(MOVING_MAX_AGE_MS), reading(0)];
    const problems = [
      await this.#readEvents(this.#hasMoving ? moving : usual),
      await this.#list(usual),
      await this.#view([...this.#touched].slice(0, MAX_VIEWS), touched),
      await this.#view(this.#movingIds(), moving),
    ].filter((problem) => problem !== undefined);
    const refusal = problems.find(isRefusal);
    if (refusal) throw refusal;
    const staleAges = [usual, moving, touched].flatMap(({ staleAgeMs }) => staleAgeMs ?? []);
    const oldestMs = Math.max(usual.ageMs, moving.ageMs);
    const isUnrefreshed = this.#hasMoving && moving.ageMs > MAX_UNREFRESHED_MS;
    const isFailing = staleAges.length > 0 || problems.some((problem) => !isBudget(problem));
    this.#failures = isFailing ? this.#failures + 1 : 0;
    this.#staleAgeMs = isFailing || isUnrefreshed ? Math.max(0, oldestMs, ...staleAges) : undefined;
  }

  async #readEvents(reading: Reading): Promise<unknown> {
    if (!this.#subscribers.followAll && !this.#hasMoving) return undefined;
    try {
      for (const id of await this.#events.read(reading)) this.#touched.add(id);
    } catch (error) {
      return error;
    }
    if (!this.#subscribers.followAll)
      for (const id of this.#touched) if (!this.#subscribers.ids.has(id)) this.#touched.delete(id);
    return undefined;
  }

  async #list(reading: Reading): Promise<unknown> {
    if (!this.#subscribers.followAll) return undefined;
    const isKnown = this.#catalog.ageMs !== undefined;
    if (isKnown && this.#now < this.#listDueAt) return undefined;
    try {
      await this.#catalog.list(reading);
      this.#listDueAt = this.#now + Math.max(LIST_INTERVAL_MS, this.parts.idleIntervalMs(this.caller));
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Views images; the first failure is returned. What could not be viewed stays to be viewed. */
  async #view(ids: readonly string[], reading: Reading): Promise<unknown> {
    if (ids.length === 0) return undefined;
    const before = this.#catalog.images;
    let results: (LinodeImage | null | Error)[];
    try {
      results = await this.#catalog.get(ids, reading);
    } catch (error) {
      return error;
    }
    const { images } = this.#catalog;
    for (const [i, id] of ids.entries()) {
      const result = results[i];
      if (result instanceof Error || result === undefined) continue;
      this.#touched.delete(id);
      this.#viewedAt.set(id, this.#now);
      // Where the catalog has changed meanwhile, it knows better, or is read again.
      if (before === images) this.#viewed.set(id, result, images);
    }
    this.#publish();
    return results.find((result) => result instanceof Error);
  }

  /** Those that change by themselves and are followed, the longest not viewed first. */
  #movingIds(): string[] {
    const moving = [...this.#state.images.values()].filter(({ image }) => isMoving(image));
    for (const id of this.#viewedAt.keys()) if (!this.#state.images.has(id)) this.#viewedAt.delete(id);
    const due = moving
      .map(({ image }) => image.id)
      .sort((a, b) => (this.#viewedAt.get(a) ?? 0) - (this.#viewedAt.get(b) ?? 0));
    return [...this.#unknownIds, ...due].slice(0, MAX_VIEWS);
  }

  /** Hands the present state to all subscriptions if it has changed; returns whether it has. */
  #publish(): boolean {
    const state = nextState(this.#state, {
      ...presentImages(this.#catalog, this.#viewed, this.#subscribers, this.#state),
      events: this.#events.all,
      staleAgeMs: this.#staleAgeMs,
      now: this.#now,
    });
    if (state === this.#state) return false;
    this.#state = state;
    this.#subscribers.offer(state);
    return true;
  }

  #failed(error: unknown): void {
    if (!isRefusal(error)) {
      this.parts.reportInternalError(error);
      this.#failures++;
      return;
    }
    this.#subscribers.fail(error);
  }

  #stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelPoll();
    this.#deadline?.abort(new OperationAborted('All subscriptions have ended'));
    this.onIdle();
  }
}

/** Linode refuses the token, or the images to it: that ends subscriptions. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof LinodeUnauthenticated || error instanceof LinodeForbidden;

/** The budget allows no call now: that is no outage, unless it lasts. */
const isBudget = (error: unknown): boolean => error instanceof LinodeRateLimited && !error.sent;
