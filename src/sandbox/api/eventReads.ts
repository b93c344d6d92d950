import { notFound, ok, type ApiResponse } from '../response.js';
import { callerOf, xFilterOf, type Context } from './context.js';
import { toWireEvent } from '../world/events.js';
import { parseFilter, type Filterable } from './filter.js';
import { canView } from '../world/images.js';
import { canViewLinode } from './linodes.js';
import { paginate } from './page.js';
import type { Caller, EventRecord } from '../world/world.js';

/** `secondary_entity` is not filterable, so captures can't be looked up by image. */
const EVENT_KEYS: Filterable = {
  filterable: ['id', 'action', 'created', 'read', 'entity.id', 'entity.type'],
};

/** `GET /account/events`, newest first. */
export function listEvents(context: Context): ApiResponse {
  const filter = parseFilter(xFilterOf(context), EVENT_KEYS);
  const nowMs = context.world.now();
  const events = visibleEvents(callerOf(context)).map((event) => toWireEvent(event, nowMs));
  return ok(paginate(filter.apply(events.reverse()), context.query));
}

/** `GET /account/events/{id}` */
export function viewEvent(context: Context): ApiResponse {
  const event = visibleEvents(callerOf(context)).find((each) => String(each.id) === context.params[0]);
  return event ? ok(toWireEvent(event, context.world.now())) : notFound();
}

/** A restricted user sees its own events and those of resources it can view. */
function visibleEvents(caller: Caller): EventRecord[] {
  const events = [...caller.account.events].sort((a, b) => a.id - b.id);
  if (caller.grants === null) return events;
  return events.filter(({ entity, username }) => {
    if (username === caller.username) return true;
    if (entity?.type === 'image') return canView(caller, `private/${entity.id}`);
    return entity?.type === 'linode' && canViewLinode(caller, Number(entity.id));
  });
}
