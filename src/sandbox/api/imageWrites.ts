import { fail, notFound, ok, unauthorized, type ApiResponse } from '../response.js';
import { callerOf, type Context } from './context.js';
import { findDisk } from './linodes.js';
import { parseBody, Validation } from './validation.js';
import { toWireDate } from '../world/dates.js';
import { addEvent, failEvent, imageEntity, linodeEntity } from '../world/events.js';
import { buildImage, canModify, findImage, makeAvailable, numberOf } from '../world/images.js';
import type { Account, Caller, World } from '../world/world.js';
import type { SandboxImage } from '../world/wire.js';

const CAPTURE_MS = 90_000;
const DELETE_EVENT_MS = 5_000;
export const MAX_LABEL = 50;
export const MAX_DESCRIPTION = 65_000;
/** Size of an image relative to its disk. */
const COMPRESSION = 0.07;

/** `POST /images`: captures a disk. */
export function captureImage(context: Context): ApiResponse {
  const { world, request, workFault } = context;
  const caller = callerOf(context);
  checkCanAdd(caller);
  const check = new Validation(parseBody(request.body));
  const diskId = check.integer('disk_id', true);
  const label = check.text('label', MAX_LABEL);
  const description = check.text('description', MAX_DESCRIPTION);
  const cloudInit = check.boolean('cloud_init');
  const tags = check.tags(world.version);
  check.throwIfInvalid();

  const source = findDisk(caller, diskId);
  if (!source) return notFound();
  const { account } = caller;
  const { disk, linode } = source;
  if ([...account.captures.values()].some((capture) => capture.diskId === disk.id)) fail(400, 'Linode busy.');

  const image = addImage(world, caller, {
    label: label ?? disk.label.slice(0, MAX_LABEL),
    description: description ?? '',
    size: disk.size,
    status: 'creating',
    capabilities: cloudInit ? ['cloud-init'] : [],
    tags: tags ?? [],
  });
  const event = addEvent(world, account, world.now(), {
    action: 'disk_imagize',
    username: caller.username,
    entity: linodeEntity(linode),
    secondary: imageEntity(image),
  });
  account.captures.set(image.id, { diskId: disk.id, event });
  if (workFault?.outcome !== 'stuck') {
    event.endsMs = world.afterWork(CAPTURE_MS, (atMs) => {
      if (!account.captures.delete(image.id)) return;
      if (workFault) failEvent(event, atMs, workFault.message ?? '');
      else makeAvailable(world, account, image, atMs, Math.round(image.size * COMPRESSION), linode.region);
    });
  }
  return ok(world.wireImage(image));
}

/** `PUT /images/{id}`: updates label, description and tags; ignores all other fields. */
export function updateImage(context: Context): ApiResponse {
  const { world, request } = context;
  const { image, account, caller } = modifiableImage(context);
  const fields = parseBody(request.body);
  const check = new Validation(fields);
  const label = check.text('label', MAX_LABEL);
  const description = fields['description'] === null ? null : check.text('description', MAX_DESCRIPTION);
  const tags = check.tags(world.version);
  check.throwIfInvalid();

  if (label !== undefined) image.label = label;
  if (description !== undefined) image.description = description;
  if (tags !== undefined) image.tags = tags;
  image.updated = toWireDate(world.now());
  world.invalidateLists(account);
  addEvent(world, account, world.now(), {
    action: 'image_update',
    username: caller.username,
    entity: imageEntity(image),
    outcome: 'notification',
  });
  return ok(world.wireImage(image));
}

/** `DELETE /images/{id}`: deletes the image with all its replicas. */
export function deleteImage(context: Context): ApiResponse {
  const { world } = context;
  const { image, account, caller } = modifiableImage(context);
  const nowMs = world.now();
  const capture = account.captures.get(image.id);
  if (capture) failEvent(capture.event, nowMs, '');
  account.captures.delete(image.id);
  const upload = world.uploads.get(numberOf(image.id));
  if (image.status === 'pending_upload' && upload) failEvent(upload.event, nowMs, 'Upload canceled');
  world.uploads.delete(numberOf(image.id));
  addEvent(world, account, nowMs, {
    action: 'image_delete',
    username: caller.username,
    entity: imageEntity(image),
    endsMs: world.endOfWork(DELETE_EVENT_MS),
  });
  const remove = () => {
    account.images.delete(image.id);
    world.invalidateLists(account);
  };
  if (world.deletionMs > 0) world.schedule.at(nowMs + world.deletionMs, remove);
  else remove();
  return ok({});
}

export function checkCanAdd(caller: Caller): void {
  if (caller.grants && !caller.grants.add_images) unauthorized();
}

/** Adds a private image of the caller, who gets a read_write grant for it. */
export function addImage(world: World, caller: Caller, given: Partial<SandboxImage>): SandboxImage {
  const number = world.nextImageNumber++;
  const image = buildImage(`private/${number}`, world.now(), { created_by: caller.username, ...given });
  caller.account.images.set(image.id, image);
  if (caller.grants) caller.grants.images = { ...caller.grants.images, [number]: 'read_write' };
  world.invalidateLists(caller.account);
  return image;
}

/** Throws 404 if the caller can't view the image, 403 for images that are public, shared or without a read_write grant. */
export function modifiableImage(context: Context): { image: SandboxImage; account: Account; caller: Caller } {
  const caller = callerOf(context);
  const found = findImage(context.world, caller, context.params[0] ?? '');
  if (!found) return notFound();
  if (!found.owner || found.image.type === 'shared' || !canModify(caller, found.image.id))
    return unauthorized();
  return { image: found.image, account: found.owner, caller };
}
