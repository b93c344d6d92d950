import type { Reading } from '../catalog/reading.js';
import type { SharedCatalogs } from '../catalog/sharedCatalogs.js';
import type { Clock } from '../clock.js';
import type { LinodeEvent } from '../linode/api/events.js';
import type { LinodeList } from '../linode/api/page.js';
import type { Caller } from '../linode/caller.js';
import { LinodeForbidden } from '../linode/errors.js';
import { Loaders } from '../loaders/loaders.js';
import { imagesOfEvent } from './liveState.js';

/** For how long events that were refused to a token are not requested again, in ms. */
const REFUSED_FOR_MS = 60_000;
/** Events that are not older than this when the feed begins may be newer than what is known of their images, in ms. */
const RECENT_MS = 60_000;

/** One caller's events of images: those of the last read, and which images new ones are about. */
export class EventFeed {
  #all: LinodeList<LinodeEvent> | null = null;
  #newestId: number | undefined;
  #retryAt = 0;

  constructor(
    private readonly caller: Caller,
    private readonly parts: { catalogs: SharedCatalogs; clock: Clock },
  ) {}

  /** Newest first; null before the first read, and where the token may not read events. */
  get all(): LinodeList<LinodeEvent> | null {
    return this.#all;
  }

  /**
   * Reads the events, unless the token may not.
   * @returns the IDs of images that events are about which were not there before
   * @throws {LinodeError} when Linode fails
   */
  async read(reading: Reading): Promise<string[]> {
    const { catalogs, clock } = this.parts;
    if (this.caller.token === null || clock.now() < this.#retryAt) return [];
    let events: LinodeList<LinodeEvent>;
    try {
      events = await new Loaders(catalogs, this.caller, reading).events.ofImages();
    } catch (error) {
      if (!(error instanceof LinodeForbidden)) throw error;
      this.#retryAt = clock.now() + REFUSED_FOR_MS;
      this.#all = null;
      return [];
    }
    const isNew = this.#isNew(clock.now());
    this.#all = events;
    this.#newestId = Math.max(this.#newestId ?? 0, events.rows[0]?.id ?? 0);
    return events.rows.filter(isNew).flatMap(imagesOfEvent);
  }

  #isNew(now: number): (event: LinodeEvent) => boolean {
    const newestId = this.#newestId;
    return newestId === undefined
      ? ({ created }) => Date.parse(`${created}Z`) > now - RECENT_MS
      : ({ id }) => id > newestId;
  }
}
