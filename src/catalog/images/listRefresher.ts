import type { CallTerms, LinodeClient } from '../../linode/client/client.js';
import type { CallPriority } from '../../linode/client/rateBudget.js';
import { isOutage, LinodeForbidden, LinodeRateLimited } from '../../linode/errors.js';
import { canonicalImage, type LinodeImage } from '../../linode/api/images.js';
import { Reading } from '../reading.js';
import { positionAt, type Moment, type Sequence } from '../sequence.js';
import type { Fetched, SharedFetches } from '../sharing/sharedFetches.js';
import { SingleFlight } from '../singleFlight.js';
import { BackOff } from './backOff.js';
import type { Collection } from './collection.js';
import type { Freshness } from './freshness.js';
import { ParsedPages, listImages } from './listing.js';
import { leadAgeMs, readUnattended, RefreshAhead } from './refreshAhead.js';

export interface ListRefresherParts {
  linode: LinodeClient;
  collection: Collection;
  freshness: Freshness;
  sequence: Sequence;
  /** How long one operation waits for a list, in ms. */
  requestTimeoutMs: number;
  /** In [0, 1): spreads the refreshes of several catalogs. */
  random: () => number;
  /** Called when Linode refuses the list to a token that it accepts. */
  onForbidden: () => void;
  /** Absent: no other process lists for this caller. */
  fetches: SharedFetches | undefined;
}

/** How much newer a list of another process must be to replace the present one ahead of its expiry, in ms. */
const MIN_PROGRESS_MS = 50;

/** A list may take so many times as long as the operation that started it. */
const TIMEOUT_FACTOR = 3;

/** Lists one caller's images into its collection: once for all who need it, and ahead of expiry for busy callers. */
export class ListRefresher {
  readonly #flights: SingleFlight<void>;
  readonly #backOff = new BackOff();
  readonly #ahead = new RefreshAhead(() => {
    this.#refreshAhead();
  });
  #parsedPages = new ParsedPages();

  constructor(private readonly parts: ListRefresherParts) {
    const { sequence, requestTimeoutMs } = parts;
    this.#flights = new SingleFlight(sequence, {
      timeoutMs: TIMEOUT_FACTOR * requestTimeoutMs,
      outlivesOperations: true,
      isShared: parts.fetches !== undefined,
    });
  }

  /**
   * Waits for a list that is new enough for the reading. As long as the last list can be served instead, it fails at
   * once for a while after a failure, and while a list is in flight that an operation has waited for in vain.
   * @throws {LinodeError} when the images cannot be listed
   */
  async refresh(
    reading: Reading,
    priority: CallPriority = reading.terms.priority ?? 'interactive',
  ): Promise<void> {
    const { collection, freshness, sequence } = this.parts;
    if (priority === 'live') this.#assertLiveShare();
    const error = this.#backOff.standing(sequence.now()) ?? this.#flights.overdue('list');
    if (error && freshness.canServeStale(collection.listed?.at)) throw error;
    const since = this.#since(reading, priority);
    await this.#flights.join('list', reading, since, (terms, began) =>
      this.#list({ ...terms, priority }, began, since),
    );
  }

  /** The position after which a list must have begun. */
  #since(reading: Reading, priority: CallPriority): number {
    const { collection, fetches, freshness, sequence } = this.parts;
    const since = freshness.listBeginsAfter(reading);
    if (!fetches) return since;
    const { listed } = collection;
    const ahead = priority === 'background' && listed ? positionAt(listed.at + MIN_PROGRESS_MS) : 0;
    const accepted = reading.maxAgeMs ? positionAt(sequence.now() - reading.maxAgeMs) : 0;
    return Math.max(since, ahead, accepted);
  }

  /** Counts a read that was answered from memory. */
  recordHit(): void {
    this.#ahead.recordHit(this.parts.sequence.now());
  }

  /** In how many ms a list that is read often is refreshed; undefined: not before it has expired. */
  get aheadInMs(): number | undefined {
    return this.#canRefreshAhead ? this.#ahead.inMs(this.parts.sequence.now()) : undefined;
  }

  /** Forgets the pages of the last list. */
  clear(): void {
    this.#parsedPages = new ParsedPages();
  }

  /** Checked before a fetch starts: operations may join it, and wait for its back-off. */
  #assertLiveShare(): void {
    const { linode, freshness } = this.parts;
    const retryAfterMs = linode.rateBudget.waitMs('list', freshness.pages, 'live');
    if (retryAfterMs === 0) return;
    const facts = { method: 'GET', path: '/images', sent: false, retryAfterMs };
    throw new LinodeRateLimited("The subscriptions' share of list calls is used up", facts);
  }

  async #list(terms: CallTerms, flightBegan: Moment, since: number): Promise<void> {
    const { linode, collection, freshness, sequence, requestTimeoutMs, onForbidden } = this.parts;
    try {
      const waitsFor429 = collection.listed === undefined;
      // The operation that started it is not to wait longer for a retry than it would for a failure.
      const retryUntil = flightBegan.at + requestTimeoutMs;
      const listTerms = { ...terms, waitsFor429, retryUntil };
      const list = async () => {
        const beganAt = sequence.now();
        const listing = await listImages(
          linode,
          freshness.pages,
          listTerms,
          collection.known,
          this.#parsedPages,
        );
        this.#parsedPages.trim(listing.pages);
        return { ...listing, durationMs: sequence.now() - beganAt };
      };
      const { value, began } = await this.#share(list, since, terms, flightBegan);
      const { images, pages, unreadable } = value;
      collection.assertNotCleared(began);
      freshness.pages = pages;
      freshness.listDurationMs = value.durationMs;
      collection.applyList(images, began, sequence.now(), unreadable);
      this.#backOff.succeeded();
      this.#scheduleAhead(began);
    } catch (error) {
      if (error instanceof LinodeForbidden) onForbidden();
      if (isOutage(error)) this.#backOff.failed(error, sequence.now(), freshness.listMaxAgeMs);
      throw error;
    }
  }

  /** Lists, or takes a list of another process that began after `since` and is fresh. */
  async #share<T extends { images: LinodeImage[] }>(
    list: () => Promise<T>,
    since: number,
    terms: CallTerms,
    began: Moment,
  ): Promise<Fetched<T>> {
    const { collection, fetches, freshness, linode } = this.parts;
    if (!fetches) return { value: await list(), began };
    const scope = { callerKey: linode.caller.key, changesWithImages: true, name: 'list' };
    const freshSince = positionAt(began.at - freshness.listMaxAgeMs);
    const fetched = await fetches.share(scope, Math.max(since, freshSince), terms, began, list);
    const images = fetched.value.images.map((image) => canonicalImage(image, collection.known));
    return { began: fetched.began, value: { ...fetched.value, images } };
  }

  /**
   * Schedules the refresh so that it ends before the list expires. Where the budget stretches the interval between
   * lists of several pages, there is none.
   */
  #scheduleAhead(began: Moment): void {
    const { maxAgeMs, listIntervalMs, listDurationMs } = this.parts.freshness;
    const ageMs = leadAgeMs(maxAgeMs, this.parts.random);
    const isWithinBudget = listIntervalMs <= ageMs;
    const dueAfterMs = isWithinBudget ? Math.max(listIntervalMs, ageMs - listDurationMs) : Infinity;
    this.#ahead.schedule(began.at + dueAfterMs, began.at + maxAgeMs);
  }

  get #canRefreshAhead(): boolean {
    const { linode, freshness } = this.parts;
    return linode.rateBudget.remaining('list', 'background') >= freshness.pages;
  }

  #refreshAhead(): void {
    if (!this.#canRefreshAhead) return;
    const { linode, sequence, requestTimeoutMs } = this.parts;
    readUnattended(linode.clock, requestTimeoutMs, (terms) =>
      this.refresh(new Reading(sequence.moment(), terms, undefined), 'background'),
    );
  }
}
