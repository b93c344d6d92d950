import { z } from 'zod';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf, type LinodeList } from './page.js';
import { nullableText, time } from '../shapes.js';
import type { XFilter } from './xFilter.js';

/** What an event is about. The type of its `id` varies, so the `url` identifies it. */
export interface LinodeEntity {
  /** `/v4/images/private/123`, `/v4/linode/instances/456`; null in events from before 2020. */
  url: string | null;
  label: string | null;
}

/** An event of the account. Source: GET /account/events. */
export interface LinodeEvent {
  id: number;
  action: string;
  status: string;
  created: string;
  /** Goes backwards at times; null on notifications. */
  percent_complete: number | null;
  /** Usually empty. */
  message: string | null;
  username: string | null;
  entity: LinodeEntity | null;
  /** Of a capture, the new image; of a deployment, the image. It cannot be filtered on. */
  secondary_entity: LinodeEntity | null;
}

/** Events from before 2020 lack these fields. */
const readableEntity = z.object({ url: nullableText, label: nullableText }).nullable();
const entity = readableEntity.catch(null);

const linodeEvent: z.ZodType<LinodeEvent> = z.object({
  id: z.int().min(1),
  action: z.string(),
  status: z.string(),
  created: time,
  percent_complete: z.number().nullable().catch(null),
  message: nullableText,
  username: nullableText,
  entity,
  secondary_entity: entity,
});

const eventsPage = pageOf(linodeEvent, imageIdsOf);

/** Undefined if the entities of an unreadable event cannot be read. */
function imageIdsOf(row: object): string[] | undefined {
  const entities = z.object({ entity: readableEntity, secondary_entity: readableEntity }).safeParse(row);
  if (!entities.success) return undefined;
  return [entities.data.entity, entities.data.secondary_entity].flatMap((each) => imageIdOf(each) ?? []);
}

/** IDs ascend over time. */
export const NEWEST_FIRST: XFilter = { '+order_by': 'id', '+order': 'desc' };

/** The first 500 events that match the filter, newest first. Linode keeps events for 90 days. */
export const getEvents = async (
  linode: LinodeReads,
  xFilter: string | undefined,
  terms: CallTerms,
): Promise<LinodeList<LinodeEvent>> => {
  const { data, unreadable } = await linode.read(
    {
      kind: 'other',
      path: `/account/events?page_size=${MAX_PAGE_SIZE}`,
      needsToken: true,
      shape: eventsPage,
      ...(xFilter !== undefined && { xFilter }),
    },
    terms,
  );
  return { rows: data.sort((a, b) => b.id - a.id), unreadable };
};

/** @throws {LinodeRefused} 404: the caller sees no such event */
export const getEvent = (linode: LinodeReads, id: number, terms: CallTerms): Promise<LinodeEvent> =>
  linode.read({ kind: 'other', path: `/account/events/${id}`, needsToken: true, shape: linodeEvent }, terms);

/** The image's ID, where the entity is an image. */
export function imageIdOf(entity: LinodeEntity | null): string | undefined {
  const id = /^\/v4(?:beta)?\/images\/([^?]+)$/.exec(entity?.url ?? '')?.[1];
  return id?.replace('%2F', '/');
}

/** The Linode's ID, where the entity is a Linode. */
export const linodeNumberOf = (entity: LinodeEntity | null): string | undefined =>
  /^\/v4(?:beta)?\/linode\/instances\/([1-9]\d{0,14})$/.exec(entity?.url ?? '')?.[1];
