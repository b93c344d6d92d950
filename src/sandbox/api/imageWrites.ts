import { randomBytes } from 'node:crypto';
import { notFound, ok, fail, unauthorized, type ApiResponse } from '../response.js';
import { callerOf, type Context } from './context.js';
import { toWireDate } from '../world/dates.js';
import { addEvent, failEvent, imageEntity, linodeEntity } from '../world/events.js';
import { buildImage, findImage, canModify, numberOf } from '../world/images.js';
import { parseBody, Validation } from './validation.js';
import { findDisk } from './linodes.js';
import type { Account, Caller, World } from '../world/world.js';
import type { SandboxImage } from '../world/wire.js';

const CAPTURE_MS = 90_000;
const UPLOAD_WINDOW_MS = 24 * 60 * 60_000;
const DELETE_EVENT_MS = 5_000;
const MAX_LABEL = 50;
const MAX_DESCRIPTION = 65_000;
/** Size of an image relative to its disk. */
const COMPRESSION = 0.07;

/** `POST /images`: captures a disk. */
export function captureImage(context: Context): ApiResponse {
  const { world, request } = context;
  const caller = callerOf(context);
  checkCanAdd(caller);
  const check = new Validation(parseBody(request.body));
  const diskId = check.integer('disk_id', true);
  const label = check.text('label', MAX_LABEL);
  const description = check.text('description', MAX_DESCRIPTION);
  const cloudInit = check.boolean('cloud_init');
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
  });
  const nowMs = world.now();
  const event = addEvent(world, account, nowMs, {
    action: 'disk_imagize',
    username: caller.username,
    entity: linodeEntity(linode),
    secondary: imageEntity(image),
    endsMs: nowMs + CAPTURE_MS,
  });
  account.captures.set(image.id, { diskId: disk.id, event });
  world.schedule.at(nowMs + CAPTURE_MS, (atMs) => finishCapture(world, account, image, atMs));
  return ok(image);
}

function finishCapture(world: World, account: Account, image: SandboxImage, atMs: number): void {
  if (!account.captures.delete(image.id)) return;
  image.status = 'available';
  image.size = Math.max(1, Math.round(image.size * COMPRESSION));
  image.updated = toWireDate(atMs);
  world.invalidateLists(account);
}

/** `POST /images/upload`: creates a pending image and an upload URL, valid for 24 hours. */
export function initiateUpload(context: Context): ApiResponse {
  const { world, request } = context;
  const caller = callerOf(context);
  checkCanAdd(caller);
  const check = new Validation(parseBody(request.body));
  const label = check.text('label', MAX_LABEL, true);
  const region = check.text('region', 100, true);
  const description = check.text('description', MAX_DESCRIPTION);
  const cloudInit = check.boolean('cloud_init');
  if (region !== undefined && !world.regions.some((each) => each.id === region)) {
    check.fail('region', 'region is not valid');
  }
  check.throwIfInvalid();

  const image = addImage(world, caller, {
    label: label ?? '',
    description: description ?? '',
    size: 0,
    status: 'pending_upload',
    capabilities: cloudInit ? ['cloud-init'] : [],
  });
  const nowMs = world.now();
  const upload = {
    account: caller.account,
    imageId: image.id,
    signature: randomBytes(20).toString('base64'),
    expiresMs: nowMs + UPLOAD_WINDOW_MS,
    received: false,
    event: addEvent(world, caller.account, nowMs, {
      action: 'image_upload',
      username: caller.username,
      entity: imageEntity(image),
      startsMs: null,
    }),
  };
  world.uploads.set(numberOf(image.id), upload);
  world.schedule.at(upload.expiresMs, (atMs) => {
    if (upload.received || world.uploads.get(numberOf(image.id)) !== upload) return;
    caller.account.images.delete(image.id);
    failEvent(upload.event, atMs, 'Upload window expired');
    world.invalidateLists(caller.account);
  });
  const signature = encodeURIComponent(upload.signature);
  const expires = Math.floor(upload.expiresMs / 1000);
  return ok({
    upload_to: `${world.origin()}/uploads/${numberOf(image.id)}?Signature=${signature}&Expires=${expires}`,
    image,
  });
}

/** `PUT /images/{id}`: updates label and description; ignores all other fields. */
export function updateImage(context: Context): ApiResponse {
  const { world, request } = context;
  const { image, account, caller } = modifiableImage(context);
  const fields = parseBody(request.body);
  const check = new Validation(fields);
  const label = check.text('label', MAX_LABEL);
  const description = fields['description'] === null ? null : check.text('description', MAX_DESCRIPTION);
  check.throwIfInvalid();

  if (label !== undefined) image.label = label;
  if (description !== undefined) image.description = description;
  image.updated = toWireDate(world.now());
  world.invalidateLists(account);
  addEvent(world, account, world.now(), {
    action: 'image_update',
    username: caller.username,
    entity: imageEntity(image),
    outcome: 'notification',
  });
  return ok(image);
}

/** `DELETE /images/{id}` */
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
    endsMs: nowMs + DELETE_EVENT_MS,
  });
  const remove = () => {
    account.images.delete(image.id);
    world.invalidateLists(account);
  };
  if (world.deletionMs > 0) world.schedule.at(nowMs + world.deletionMs, remove);
  else remove();
  return ok({});
}

function checkCanAdd(caller: Caller): void {
  if (caller.grants && !caller.grants.add_images) unauthorized();
}

function addImage(world: World, caller: Caller, given: Partial<SandboxImage>): SandboxImage {
  const number = world.nextImageNumber++;
  const image = buildImage(`private/${number}`, world.now(), { created_by: caller.username, ...given });
  caller.account.images.set(image.id, image);
  if (caller.grants) caller.grants.images = { ...caller.grants.images, [number]: 'read_write' };
  world.invalidateLists(caller.account);
  return image;
}

/** Throws 404 if the caller can't view the image, 403 for public images and images without a read_write grant. */
function modifiableImage(context: Context): { image: SandboxImage; account: Account; caller: Caller } {
  const caller = callerOf(context);
  const found = findImage(context.world, caller, context.params[0] ?? '');
  if (!found) return notFound();
  if (!found.owner || !canModify(caller, found.image.id)) return unauthorized();
  return { image: found.image, account: found.owner, caller };
}
