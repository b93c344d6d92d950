import { isPublicImageId } from '../../linode/api/imageId.js';
import { canonicalImage, getImage, type LinodeImage } from '../../linode/api/images.js';
import type { CallTerms, LinodeClient } from '../../linode/client/client.js';
import type { CallPriority } from '../../linode/client/rateBudget.js';
import { LinodeInvalidResponse, LinodeRefused, LinodeUnauthenticated } from '../../linode/errors.js';
import type { Reading } from '../reading.js';
import { positionAt, type Moment, type Sequence } from '../sequence.js';
import type { Fetched, SharedFetches } from '../sharing/sharedFetches.js';
import { SingleFlight } from '../singleFlight.js';
import type { Collection } from './collection.js';
import type { Freshness } from './freshness.js';

/** Listing is cheaper than viewing more images than these: 20 views cost what one list costs. */
export const MAX_VIEWS = 20;

/** How much newer a view of another process must be than what is known, in ms. */
const MIN_PROGRESS_MS = 50;
/** Within what is fresh of an ID that does not exist, in ms. */
const MAX_SHARED_AGE_MS = 1000;

export interface ImageViewsParts {
  linode: LinodeClient;
  collection: Collection;
  freshness: Freshness;
  sequence: Sequence;
  /** How long a view may take, in ms. */
  requestTimeoutMs: number;
  /** Absent: no other process views for this caller. */
  fetches: SharedFetches | undefined;
}

/** Views single images into one caller's collection: each once for all who need it. */
export class ImageViews {
  readonly #flights: SingleFlight<void>;

  constructor(private readonly parts: ImageViewsParts) {
    const { sequence, requestTimeoutMs, fetches } = parts;
    this.#flights = new SingleFlight(sequence, {
      timeoutMs: requestTimeoutMs,
      isShared: fetches !== undefined,
    });
  }

  /**
   * Has the image viewed, and that it does not exist recorded as well; or has the reading served stale.
   * @throws {LinodeError} when it cannot be viewed and the collection has nothing to serve instead
   */
  async view(
    id: string,
    reading: Reading,
    priority: CallPriority = reading.terms.priority ?? 'interactive',
  ): Promise<void> {
    const { linode, collection, freshness, sequence } = this.parts;
    try {
      if (linode.caller.token === null && !isPublicImageId(id)) {
        const facts = { method: 'GET', path: '/images', sent: false };
        throw new LinodeUnauthenticated('A token is needed for this', facts);
      }
      const accepted = reading.maxAgeMs ? positionAt(sequence.now() - reading.maxAgeMs) : 0;
      const since = Math.max(freshness.viewBeginsAfter(id, reading), accepted);
      await this.#flights.join(id, reading, since, (terms, began) =>
        this.#view(id, { ...terms, priority }, began, since),
      );
    } catch (error) {
      const entry = collection.get(id, sequence.now());
      freshness.serveStale(error, entry?.image ? entry.asOf : undefined, reading);
    }
  }

  /**
   * Views the images that writes have left uncertain.
   * @throws {LinodeError} the first failure, unless what is known of that image can be served stale
   */
  async viewInvalid(reading: Reading): Promise<void> {
    const ids = [...this.parts.collection.invalid.imageIds];
    await Promise.all(ids.map((id) => this.view(id, reading)));
  }

  /** Refreshes the images that change by themselves, unless they are fresh: views are cheaper than a list. */
  async viewMoving(reading: Reading): Promise<void> {
    const { freshness } = this.parts;
    const expired = freshness.movingImages
      .filter(({ id }) => !freshness.isEntryFresh(id, reading))
      .slice(0, MAX_VIEWS);
    // What the collection has of them is within the list's freshness, so a view may fail.
    await Promise.all(
      expired.map(({ id }) =>
        this.view(id, reading, reading.terms.priority ?? 'background').catch((error: unknown) => {
          if (error instanceof LinodeUnauthenticated || reading.terms.signal.aborted) throw error;
        }),
      ),
    );
  }

  async #view(id: string, terms: CallTerms, flightBegan: Moment, since: number): Promise<void> {
    const { linode, collection, sequence } = this.parts;
    const isKnown = Boolean(collection.get(id, sequence.now())?.image);
    const isUnknown = !isKnown && !collection.invalid.hasImage(id);
    const priority = isUnknown && terms.priority !== 'live' ? { priority: 'unknownId' as const } : {};
    const viewTerms: CallTerms = { ...terms, waitsFor429: !isKnown, ...priority };
    const fetch = (): Promise<LinodeImage | null> =>
      getImage(linode, id, viewTerms, collection.known).catch((error: unknown) => {
        if (error instanceof LinodeRefused && error.status === 404) return null;
        throw error;
      });
    const { value: image, began } = await this.#share(id, fetch, since, terms, flightBegan);
    collection.assertNotCleared(began);
    if (image && image.id !== id) {
      const facts = { method: 'GET', path: '/images', status: 200 };
      throw new LinodeInvalidResponse('Linode returned another image than the one requested', facts);
    }
    collection.applyView(id, image, began, sequence.now());
  }

  /** Views, or takes a view of another process that is newer than what is known here. */
  async #share(
    id: string,
    view: () => Promise<LinodeImage | null>,
    since: number,
    terms: CallTerms,
    began: Moment,
  ): Promise<Fetched<LinodeImage | null>> {
    const { linode, collection, sequence, fetches } = this.parts;
    if (!fetches) return { value: await view(), began };
    const scope = { callerKey: linode.caller.key, changesWithImages: true, name: `view ${id}` };
    const known = collection.get(id, sequence.now())?.asOf ?? 0;
    const newSince = positionAt(Math.max(known + MIN_PROGRESS_MS, began.at - MAX_SHARED_AGE_MS));
    const fetched = await fetches.share(scope, Math.max(since, newSince), terms, began, view);
    const { value } = fetched;
    return { ...fetched, value: value && canonicalImage(value, collection.known) };
  }
}
