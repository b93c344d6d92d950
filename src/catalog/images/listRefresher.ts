import type { CallTerms, LinodeClient } from '../../linode/client/client.js';
import type { CallPriority } from '../../linode/client/rateBudget.js';
import { isOutage, LinodeForbidden } from '../../linode/errors.js';
import { Reading } from '../reading.js';
import type { Moment, Sequence } from '../sequence.js';
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
  /** How long a refresh may take, in ms. */
  requestTimeoutMs: number;
  /** In [0, 1): spreads the refreshes of several catalogs. */
  random: () => number;
  /** Called when Linode refuses the list to a token that it accepts. */
  onForbidden: () => void;
}

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
    this.#flights = new SingleFlight(sequence, { timeoutMs: requestTimeoutMs });
  }

  /**
   * Waits for a list that is new enough for the reading. After a failure it fails at once for a while, as long as
   * the last list can be served instead.
   * @throws {LinodeError} when the images cannot be listed
   */
  async refresh(reading: Reading, priority: CallPriority = 'interactive'): Promise<void> {
    const { collection, freshness, sequence } = this.parts;
    const error = this.#backOff.standing(sequence.now());
    if (error && freshness.canServeStale(collection.listed?.at)) throw error;
    const since = freshness.listBeginsAfter(reading);
    await this.#flights.join('list', reading, since, (terms, began) =>
      this.#list({ ...terms, priority }, began),
    );
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

  async #list(terms: CallTerms, began: Moment): Promise<void> {
    const { linode, collection, freshness, sequence, onForbidden } = this.parts;
    try {
      const waitsFor429 = collection.listed === undefined;
      const listTerms = { ...terms, waitsFor429 };
      const { images, pages } = await listImages(
        linode,
        freshness.pages,
        listTerms,
        collection.known,
        this.#parsedPages,
      );
      collection.assertNotCleared(began);
      freshness.pages = pages;
      collection.applyList(images, began, sequence.now());
      this.#parsedPages.trim(pages);
      this.#backOff.succeeded();
      this.#scheduleAhead(began);
    } catch (error) {
      if (error instanceof LinodeForbidden) onForbidden();
      if (isOutage(error)) this.#backOff.failed(error, sequence.now(), freshness.listMaxAgeMs);
      throw error;
    }
  }

  /** Where the budget stretches the interval between lists of several pages, they are not refreshed ahead. */
  #scheduleAhead(began: Moment): void {
    const { maxAgeMs, listIntervalMs } = this.parts.freshness;
    const ageMs = leadAgeMs(maxAgeMs, this.parts.random);
    const isWithinBudget = listIntervalMs <= ageMs;
    this.#ahead.schedule(isWithinBudget ? began.at + ageMs : Infinity, began.at + maxAgeMs);
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
