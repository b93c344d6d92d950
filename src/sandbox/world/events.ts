import type { Account, EventRecord, World } from './world.js';
import type { EventEntity, SandboxEvent, SandboxImage, SandboxLinode } from './wire.js';
import { toWireDate } from './dates.js';

interface NewEvent {
  action: string;
  username: string | null;
  entity: EventEntity | null;
  secondary?: EventEntity;
  outcome?: EventRecord['outcome'];
  startsMs?: number | null;
  endsMs?: number | null;
  message?: string;
}

/** How long a new event is `scheduled`. */
const SCHEDULED_MS = 2_000;

export function addEvent(world: World, account: Account, createdMs: number, event: NewEvent): EventRecord {
  const record: EventRecord = {
    id: world.nextEventNumber++,
    action: event.action,
    createdMs,
    username: event.username,
    entity: event.entity,
    secondary: event.secondary ?? null,
    message: event.message ?? '',
    outcome: event.outcome ?? 'finished',
    startsMs: event.startsMs === undefined ? createdMs + SCHEDULED_MS / world.speed : event.startsMs,
    endsMs: event.endsMs ?? null,
  };
  account.events.push(record);
  return record;
}

/** Ends an event early, e.g. because its image was deleted. */
export function failEvent(event: EventRecord, atMs: number, message: string): void {
  event.outcome = 'failed';
  event.message = message;
  event.startsMs ??= atMs;
  event.endsMs = atMs;
}

export function imageEntity(image: SandboxImage): EventEntity {
  const number = /^(?:private|shared)\/(\d+)$/.exec(image.id)?.[1];
  return {
    id: number === undefined ? image.id : Number(number),
    label: image.label,
    type: 'image',
    url: `/v4/images/${image.id}`,
  };
}

export function linodeEntity(linode: SandboxLinode): EventEntity {
  return { id: linode.id, label: linode.label, type: 'linode', url: `/v4/linode/instances/${linode.id}` };
}

/** The event as the API returns it at `nowMs`. */
export function toWireEvent(event: EventRecord, nowMs: number): SandboxEvent {
  return {
    id: event.id,
    created: toWireDate(event.createdMs),
    seen: false,
    read: false,
    ...progressOf(event, nowMs),
    rate: null,
    action: event.action,
    username: event.username,
    entity: event.entity,
    secondary_entity: event.secondary,
    message: event.message,
  };
}

function progressOf(event: EventRecord, nowMs: number) {
  if (event.outcome === 'notification') {
    return { percent_complete: null, time_remaining: null, duration: null, status: 'notification' };
  }
  if (event.startsMs === null || nowMs < event.startsMs) {
    return { percent_complete: 0, time_remaining: null, duration: null, status: 'scheduled' };
  }
  if (event.endsMs === null || nowMs < event.endsMs) {
    const passedMs = nowMs - event.startsMs;
    const wholeMs = (event.endsMs ?? Infinity) - event.startsMs;
    return {
      percent_complete: Math.floor((100 * passedMs) / wholeMs),
      time_remaining: null,
      duration: passedMs / 1000,
      status: 'started',
    };
  }
  // A failed event is at 100 too: clients poll quickly while any event is below 100.
  return {
    percent_complete: 100,
    time_remaining: 0,
    duration: Math.round((event.endsMs - event.startsMs) / 1000),
    status: event.outcome,
  };
}
