import type { Event, EventStatus } from '../../generated/schema.js';
import { imageIdOf, linodeNumberOf, type LinodeEvent } from '../../linode/api/events.js';
import { globalId } from './globalId.js';
import { mentionLinode, type LinodeMention } from './linode.js';
import { toDateTime } from './linodeTime.js';
import { enumValueOf } from './enumValues.js';

/** The fields of an event that have resolvers; see resolvers/event.ts. */
export type EventEdge = 'image' | 'linode';

/** An event in the schema's words, without its edges. */
export interface EventModel extends Required<Omit<Event, EventEdge>> {
  imageId: string | null;
  mentioned: LinodeMention | null;
}

const STATUSES: Record<string, EventStatus> = {
  scheduled: 'SCHEDULED',
  started: 'STARTED',
  finished: 'FINISHED',
  failed: 'FAILED',
  notification: 'NOTIFICATION',
};

export const toEvent = (event: LinodeEvent): EventModel => ({
  __typename: 'Event',
  id: globalId.event(String(event.id)),
  eventId: String(event.id),
  action: event.action,
  status: enumValueOf(STATUSES, event.status),
  created: toDateTime(event.created),
  percentComplete: event.percent_complete === null ? null : toPercent(event.percent_complete),
  message: event.message === '' ? null : event.message,
  username: event.username,
  imageId: imageIdOf(event.entity) ?? imageIdOf(event.secondary_entity) ?? null,
  mentioned: mentionedIn(event),
});

const toPercent = (percent: number): number => Math.min(100, Math.max(0, Math.trunc(percent)));

function mentionedIn(event: LinodeEvent): LinodeMention | null {
  for (const entity of [event.entity, event.secondary_entity]) {
    const number = linodeNumberOf(entity);
    if (number !== undefined) return mentionLinode(number, entity?.label ?? '');
  }
  return null;
}
