import type { LinodeImage } from '../../linode/api/images.js';
import type { LinodeClient } from '../../linode/client/client.js';
import { isOutage, LinodeRateLimited, LinodeUnauthenticated } from '../../linode/errors.js';
import type { Reading } from '../reading.js';
import type { Sequence } from '../sequence.js';
import type { Collection, Entry } from './collection.js';
import { isSettled, MISSING_MAX_AGE_MS, type Freshness } from './freshness.js';
import type { ImageViews } from './imageViews.js';
import type { ListRefresher } from './listRefresher.js';
import type { ViewDemand } from './viewDemand.js';

export interface ImageReadsParts {
  linode: LinodeClient;
  collection: Collection;
  freshness: Freshness;
  sequence: Sequence;
  views: ImageViews;
  refresher: ListRefresher;
  demand: ViewDemand;
}

/** Reads one caller's images: from its collection while that is fresh, else by a list or by views, whichever costs less. */
export class ImageReads {
  constructor(private readonly parts: ImageReadsParts) {}

  /** All images; see `SharedCatalog`. */
  async list(reading: Reading): Promise<readonly LinodeImage[]> {
    this.parts.linode.assertNotRefused();
    try {
      const isFresh = this.parts.freshness.isListFresh(reading);
      if (isFresh) {
        this.parts.refresher.recordHit();
        await this.parts.views.viewMoving(reading);
      } else {
        await this.parts.refresher.refresh(reading);
      }
      await this.#settleInvalid(reading);
      this.#noteFresh(isFresh ? 'hit' : 'miss', reading);
    } catch (error) {
      this.parts.freshness.serveStale(error, this.parts.collection.listed?.at, reading);
    }
    return this.parts.collection.images;
  }

  /**
   * The images of these distinct IDs; see `SharedCatalog`.
   * @param alsoRequested IDs that were requested elsewhere lately, and answered from a copy of this catalog
   */
  async get(
    ids: readonly string[],
    reading: Reading,
    alsoRequested: readonly string[],
  ): Promise<(LinodeImage | null | Error)[]> {
    this.parts.linode.assertNotRefused();
    let expired = ids.filter((id) => !this.parts.freshness.isEntryFresh(id, reading));
    if (expired.length === 0) this.parts.refresher.recordHit();
    const isListCheaper = this.parts.demand.exceeds([...ids, ...alsoRequested], this.#now);
    if (expired.length > 0 && isListCheaper && !this.parts.freshness.isListFresh(reading)) {
      const error = await this.#listError(reading);
      if (error) return ids.map((id) => this.#imageOr(id, error, reading));
      expired = expired.filter((id) => !this.#image(id));
    }
    const failures = await this.#viewAll(expired, reading);
    for (const id of ids) {
      const entry = this.parts.collection.get(id, this.#now);
      if (entry && !failures.has(id)) this.#noteEntry(entry, expired.includes(id) ? 'miss' : 'hit', reading);
    }
    return ids.map((id) => failures.get(id) ?? this.#image(id));
  }

  #image(id: string): LinodeImage | null {
    return this.parts.collection.get(id, this.#now)?.image ?? null;
  }

  /** Why the images cannot be listed; undefined if they can, or are served stale. */
  #listError(reading: Reading): Promise<Error | undefined> {
    return this.list(reading).then(() => undefined, asError);
  }

  /** The image where it is fresh or can be served stale, else the error. */
  #imageOr(id: string, error: Error, reading: Reading): LinodeImage | null | Error {
    const entry = this.parts.collection.get(id, this.#now);
    if (!entry) return error;
    if (this.parts.freshness.isEntryFresh(id, reading)) {
      this.#noteEntry(entry, 'hit', reading);
      return entry.image;
    }
    try {
      this.parts.freshness.serveStale(error, entry.image ? entry.asOf : undefined, reading);
      return entry.image;
    } catch {
      return error;
    }
  }

  /**
   * Views these images. Where the budget allows no more views of unknown IDs, a list decides whether they exist.
   * @returns the errors of those that could not be viewed
   */
  async #viewAll(ids: readonly string[], reading: Reading): Promise<Map<string, Error>> {
    const failures = new Map<string, Error>();
    await Promise.all(
      ids.map((id) =>
        this.parts.views.view(id, reading).catch((error: unknown) => failures.set(id, asError(error))),
      ),
    );
    const unverified = [...failures].filter(([, error]) => error instanceof LinodeRateLimited && !error.sent);
    if (unverified.length > 0 && !(await this.#listError(reading))) {
      for (const [id] of unverified) failures.delete(id);
      reading.noteFresh('hit', this.#listAgeMs, MISSING_MAX_AGE_MS);
    }
    return failures;
  }

  /** Has the images viewed that writes have left uncertain, or listed where a view is refused. */
  async #settleInvalid(reading: Reading): Promise<void> {
    if (!this.parts.collection.invalid.hasImages) return;
    try {
      await this.parts.views.viewInvalid(reading);
    } catch (error) {
      if (error instanceof LinodeUnauthenticated || reading.terms.signal.aborted) throw error;
      if (!isOutage(error)) await this.parts.refresher.refresh(reading);
    }
  }

  #noteFresh(result: 'hit' | 'miss', reading: Reading): void {
    const { listed } = this.parts.collection;
    if (!listed) return;
    const now = this.#now;
    reading.noteFresh(result, now - listed.at, this.parts.freshness.listFreshUntil(listed) - now, true);
  }

  #noteEntry(entry: Entry, result: 'hit' | 'miss', reading: Reading): void {
    const freshForMs = this.parts.freshness.entryFreshForMs(entry);
    reading.noteFresh(result, this.#now - entry.asOf, freshForMs, isSettled(entry.image));
  }

  get #now(): number {
    return this.parts.sequence.now();
  }

  get #listAgeMs(): number {
    const { listed } = this.parts.collection;
    return listed ? this.#now - listed.at : 0;
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
