import { z } from 'zod';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf } from './page.js';
import { nullableText, time } from '../shapes.js';
import type { XFilter } from './xFilter.js';

/** What an event is about. Its `id` is a number or a string by its type, so the `url` is what tells. */
export interface LinodeEntity {
  /** `/v4/images/private/123`, `/v4/linode/instances/456`; null where an event is from before it was told. */
  url: string | null;
  label: string | null;
}

/** An event of the account as Linode sends it. */
export interface LinodeEvent {
  id: number;
  action: string;
  status: string;
  created: string;
  /** Runs backwards at times; null on notifications. */
  percent_complete: number | null;
  /** Empty when there is nothing to say. */
  message: string | null;
  username: string | null;
  entity: LinodeEntity | null;
  /** Of a capture, its image; of a deployment, the image deployed. It can't be filtered on. */
  secondary_entity: LinodeEntity | null;
}

/** Keys are missing from events of before 2020. */
const entity = z.object({ url: nullableText, label: nullableText }).nullable().catch(null);

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

const eventsPage = pageOf(linodeEvent);

/** Numbers are counted up, so the largest is the newest. */
export const NEWEST_FIRST: XFilter = { '+order_by': 'id', '+order': 'desc' };

/** The first 500 events that the filter lets through, newest first, of the 90 days that Linode keeps. */
export const getEvents = async (
  linode: LinodeReads,
  xFilter: string | undefined,
  terms: CallTerms,
): Promise<LinodeEvent[]> => {
  const { data } = await linode.read(
    {
      kind: 'other',
      path: `/account/events?page_size=${MAX_PAGE_SIZE}`,
      needsToken: true,
      shape: eventsPage,
      ...(xFilter !== undefined && { xFilter }),
    },
    terms,
  );
  return data.sort((a, b) => b.id - a.id);
};

/** @throws {LinodeRefused} 404: there is none that the caller may see */
export const getEvent = (linode: LinodeReads, id: number, terms: CallTerms): Promise<LinodeEvent> =>
  linode.read({ kind: 'other', path: `/account/events/${id}`, needsToken: true, shape: linodeEvent }, terms);

/** The image's ID, where the entity is an image. */
export function imageIdOf(entity: LinodeEntity | null): string | undefined {
  const id = /^\/v4(?:beta)?\/images\/([^?]+)$/.exec(entity?.url ?? '')?.[1];
  return id?.replace('%2F', '/');
}

/** The Linode's number, where the entity is a Linode. */
export const linodeNumberOf = (entity: LinodeEntity | null): string | undefined =>
  /^\/v4(?:beta)?\/linode\/instances\/([1-9]\d{0,14})$/.exec(entity?.url ?? '')?.[1];
