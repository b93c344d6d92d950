import type DataLoader from 'dataloader';
import { getEvent, getEvents, imageIdOf, NEWEST_FIRST, type LinodeEvent } from '../linode/api/events.js';
import { unreadableOfImage, type LinodeList } from '../linode/api/page.js';
import { encodeXFilter, oneOf, type XFilter } from '../linode/api/xFilter.js';
import type { UnreadableRow } from '../linode/shapes.js';
import type { Requests } from './requests.js';
import { createBatchLoader, listInOrder } from './batch.js';
import { nullIfMissing } from './missing.js';

/** Events of one operation. */
export interface EventLoaders {
  /** One event by its number, null if there is none. One call fetches several. */
  one: DataLoader<string, LinodeEvent | null>;
  /** The events that may concern images, newest first, at most 500. */
  ofImages(): Promise<LinodeList<LinodeEvent>>;
  /** The events that concern an image, newest first. One list has those of all images. */
  ofImage(imageId: string): Promise<LinodeList<LinodeEvent>>;
  /** Clears that list, after a write. */
  forget(): void;
}

/**
 * Events that may concern an image. The image of a capture or a deployment is its secondary entity, which
 * cannot be filtered by. Without a filter, the newest 500 of a busy account may not reach back a day.
 */
const OF_IMAGES: XFilter = {
  ...NEWEST_FIRST,
  '+or': [
    { 'entity.type': 'image' },
    ...['disk_imagize', 'linode_create', 'linode_rebuild', 'disk_create'].map((action) => ({ action })),
  ],
};

/** Event IDs that fit into one filter. */
const MAX_IDS = 200;

const PATH = '/account/events';

/** @param known events that may concern images, in place of a request, until they are cleared */
export function createEventLoaders(requests: Requests, known?: LinodeList<LinodeEvent>): EventLoaders {
  let all: Promise<LinodeList<LinodeEvent>> | undefined = known && Promise.resolve(known);
  let byImage:
    Promise<{ groups: Map<string, LinodeEvent[]>; unreadable: readonly UnreadableRow[] }> | undefined;

  const list = (xFilter: string | undefined): Promise<LinodeList<LinodeEvent>> =>
    requests.list('events', (linode, terms) => getEvents(linode, xFilter, terms));
  const view = (id: string): Promise<LinodeEvent | null> =>
    nullIfMissing(requests.one((linode, terms) => getEvent(linode, Number(id), terms)));

  const ofImages = (): Promise<LinodeList<LinodeEvent>> =>
    (all ??= requests.narrowed('events', OF_IMAGES, list, () => list(encodeXFilter(NEWEST_FIRST))));

  return {
    ofImages,
    one: createBatchLoader<LinodeEvent | null>(async (ids) => {
      const viewAll = (): Promise<(LinodeEvent | null)[]> => Promise.all(ids.map(view));
      if (ids.length === 1) return viewAll();
      return requests.narrowed(
        'events',
        oneOf('id', ids.map(Number)),
        async (xFilter) => listInOrder(ids, await list(xFilter), ({ id }) => String(id), PATH),
        viewAll,
      );
    }, MAX_IDS),
    async ofImage(imageId) {
      byImage ??= ofImages().then(({ rows, unreadable }) => ({ groups: groupByImage(rows), unreadable }));
      const { groups, unreadable } = await byImage;
      return { rows: groups.get(imageId) ?? [], unreadable: unreadableOfImage(unreadable, imageId) };
    },
    forget() {
      all = undefined;
      byImage = undefined;
    },
  };
}

function groupByImage(events: readonly LinodeEvent[]): Map<string, LinodeEvent[]> {
  const groups = new Map<string, LinodeEvent[]>();
  for (const event of events) {
    const ids = new Set([imageIdOf(event.entity), imageIdOf(event.secondary_entity)]);
    for (const id of ids) {
      if (id === undefined) continue;
      const group = groups.get(id);
      if (group) group.push(event);
      else groups.set(id, [event]);
    }
  }
  return groups;
}
