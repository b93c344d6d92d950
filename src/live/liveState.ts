import { imageIdOf, type LinodeEvent } from '../linode/api/events.js';
import type { LinodeList } from '../linode/api/page.js';
import type { LinodeImage } from '../linode/api/images.js';
import { isMoving } from '../catalog/images/freshness.js';

/** One image as subscribers see it: another object whenever something about it has changed. */
export interface LiveImage {
  readonly image: LinodeImage;
  /** What events say of it, and whether its upload has expired; empty once it does not change by itself any more. */
  readonly progress: string;
}

/** What is known of the images that one caller's subscriptions follow. */
export interface LiveState {
  /** By ID: all that the caller sees if a subscription follows all, else those that are followed by themselves. */
  readonly images: ReadonlyMap<string, LiveImage>;
  /** Followed IDs without an image. */
  readonly missing: ReadonlySet<string>;
  /** Of images, newest first; null as long as they are not known, and to a token that may not read them. */
  readonly events: LinodeList<LinodeEvent> | null;
  /** The age of the oldest data in ms while Linode fails; undefined while it does not. */
  readonly staleAgeMs: number | undefined;
}

export const NOTHING_KNOWN: LiveState = {
  images: new Map(),
  missing: new Set(),
  events: null,
  staleAgeMs: undefined,
};

/** How long Linode waits for an upload. */
const UPLOAD_WINDOW_MS = 24 * 60 * 60_000;

/** What a state is made of. */
export interface LiveParts {
  images: Iterable<LinodeImage>;
  missing: ReadonlySet<string>;
  events: LinodeList<LinodeEvent> | null;
  staleAgeMs: number | undefined;
  /** On the clock, near the epoch's. */
  now: number;
}

/** The next state; the very same one if nothing has changed that a subscriber could see. */
export function nextState(last: LiveState, parts: LiveParts): LiveState {
  const { events, missing, staleAgeMs, now } = parts;
  const byImage = lazily(() => groupByImage(events?.rows ?? []));
  const images = new Map<string, LiveImage>();
  let isSame = true;
  for (const image of parts.images) {
    const before = last.images.get(image.id);
    const progress = isMoving(image) ? progressKey(image, byImage().get(image.id) ?? [], now) : '';
    const isUnchanged = before?.image === image && before.progress === progress;
    if (!isUnchanged) isSame = false;
    images.set(image.id, isUnchanged ? before : { image, progress });
  }
  const areSame = isSame && images.size === last.images.size;
  const isSameOutage = (staleAgeMs === undefined) === (last.staleAgeMs === undefined);
  if (areSame && isSameOutage && isSameSet(missing, last.missing)) return last;
  return { images: areSame ? last.images : images, missing, events, staleAgeMs };
}

/** The IDs of the images that an event is about. */
export const imagesOfEvent = ({ entity, secondary_entity }: LinodeEvent): string[] =>
  [imageIdOf(entity), imageIdOf(secondary_entity)].filter((id) => id !== undefined);

function groupByImage(events: readonly LinodeEvent[]): Map<string, LinodeEvent[]> {
  const groups = new Map<string, LinodeEvent[]>();
  for (const event of events) {
    for (const id of new Set(imagesOfEvent(event))) {
      const group = groups.get(id);
      if (group) group.push(event);
      else groups.set(id, [event]);
    }
  }
  return groups;
}

function progressKey(image: LinodeImage, events: readonly LinodeEvent[], now: number): string {
  const isExpired =
    image.status === 'pending_upload' && Date.parse(`${image.created}Z`) + UPLOAD_WINDOW_MS <= now;
  const seen = events.map(
    ({ id, status, percent_complete, message }) => `${id} ${status} ${percent_complete} ${message}`,
  );
  return `${isExpired ? 'expired' : 'open'}\n${seen.join('\n')}`;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((each) => b.has(each));
