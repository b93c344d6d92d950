import { notFound, ok, type Answer } from '../answer.js';
import { callerOf, xFilterOf, type Context } from './context.js';
import { toWireEvent } from '../world/events.js';
import { parseFilter, type Filterable } from './filter.js';
import { maySee } from '../world/images.js';
import { maySeeLinode } from './linodes.js';
import { paginate } from './page.js';
import type { Caller, EventRecord } from '../world/world.js';

/** `secondary_entity` is not among them: that is why captures can't be looked up by their image. */
const EVENT_KEYS: Filterable = {
  filterable: ['id', 'action', 'created', 'read', 'entity.id', 'entity.type'],
};

/** `GET /account/events`, newest first. */
export function listEvents(context: Context): Answer {
  const filter = parseFilter(xFilterOf(context), EVENT_KEYS);
  const nowMs = context.world.now();
  const events = visibleEvents(callerOf(context)).map((event) => toWireEvent(event, nowMs));
  return ok(paginate(filter.apply(events.reverse()), context.query));
}

/** `GET /account/events/{id}` */
export function viewEvent(context: Context): Answer {
  const event = visibleEvents(callerOf(context)).find((each) => String(each.id) === context.params[0]);
  return event ? ok(toWireEvent(event, context.world.now())) : notFound();
}

/** A restricted user sees the events of what it may see, and its own. */
function visibleEvents(caller: Caller): EventRecord[] {
  const events = [...caller.account.events].sort((a, b) => a.id - b.id);
  if (caller.grants === null) return events;
  return events.filter(({ entity, username }) => {
    if (username === caller.username) return true;
    if (entity?.type === 'image') return maySee(caller, `private/${entity.id}`);
    return entity?.type === 'linode' && maySeeLinode(caller, Number(entity.id));
  });
}
