import type { GraphQLResolveInfo } from 'graphql';
import type { EventResolvers } from '../../generated/resolvers.js';
import type { GraphQLContext } from '../context.js';
import { toEvent, type EventEdge, type EventModel } from '../models/event.js';
import { findImage } from './image.js';
import { MENTIONED, toLinode, type LinodeModel } from '../models/linode.js';
import { selectsOnly } from './selection.js';

/** One event by its number; null if it does not exist. */
export async function findEvent(number: string, { loaders }: GraphQLContext): Promise<EventModel | null> {
  const event = await loaders.events.one.load(number);
  return event && toEvent(event);
}

/** All events of an image, newest first. */
export async function findEventsOfImage(
  imageId: string,
  { loaders, rowErrors }: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<EventModel[]> {
  const { rows, unreadable } = await loaders.events.ofImage(imageId);
  rowErrors.report(unreadable, info);
  return rows.map(toEvent);
}

export const eventEdges: Required<Pick<EventResolvers, EventEdge>> = {
  image: ({ imageId }, _, context) => (imageId === null ? null : findImage(imageId, context)),
  linode: (event, _, context, info) => findMentioned(event, context, info),
};

/** The Linode of an event: from the event itself if that has all selected fields. */
export async function findMentioned(
  { mentioned }: EventModel,
  { loaders }: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<LinodeModel | null> {
  if (!mentioned || selectsOnly(info, MENTIONED)) return mentioned;
  const linode = await loaders.linodes.one.load(mentioned.linodeId);
  return linode && toLinode(linode);
}
