import { randomBytes } from 'node:crypto';
import { ok, type ApiResponse } from '../response.js';
import { callerOf, type Context } from './context.js';
import { addImage, checkCanAdd, MAX_DESCRIPTION, MAX_LABEL } from './imageWrites.js';
import { parseBody, Validation } from './validation.js';
import { addEvent, failEvent, imageEntity } from '../world/events.js';
import { numberOf } from '../world/images.js';
import { storesImages } from '../world/regions.js';
import type { Upload, World } from '../world/world.js';

const UPLOAD_WINDOW_MS = 24 * 60 * 60_000;

/** `POST /images/upload`: creates a pending image and an upload URL, valid for 24 hours. */
export function initiateUpload(context: Context): ApiResponse {
  const { world, request, workFault } = context;
  const caller = callerOf(context);
  checkCanAdd(caller);
  const check = new Validation(parseBody(request.body));
  const label = check.text('label', MAX_LABEL, true);
  const region = check.text('region', 100, true);
  const description = check.text('description', MAX_DESCRIPTION);
  const cloudInit = check.boolean('cloud_init');
  const tags = check.tags(world.version);
  if (region !== undefined && !storesImages(world.regions.find((each) => each.id === region))) {
    check.addError('region', 'region is not valid');
  }
  check.throwIfInvalid();

  const image = addImage(world, caller, {
    label: label ?? '',
    description: description ?? '',
    size: 0,
    status: 'pending_upload',
    capabilities: cloudInit ? ['cloud-init'] : [],
    tags: tags ?? [],
  });
  const nowMs = world.now();
  const upload: Upload = {
    account: caller.account,
    imageId: image.id,
    region: region ?? '',
    signature: randomBytes(20).toString('base64'),
    expiresMs: nowMs + UPLOAD_WINDOW_MS,
    received: false,
    event: addEvent(world, caller.account, nowMs, {
      action: 'image_upload',
      username: caller.username,
      entity: imageEntity(image),
      startsMs: null,
    }),
    ...(workFault && { fault: workFault }),
  };
  world.uploads.set(numberOf(image.id), upload);
  world.schedule.at(upload.expiresMs, (atMs) => expireUpload(world, upload, atMs));
  return ok({ upload_to: urlOf(world, upload), image: world.wireImage(image) });
}

/** Removes the image of an upload that did not become available within its window. */
function expireUpload(world: World, upload: Upload, atMs: number): void {
  const { account, imageId, event, received } = upload;
  if (world.uploads.get(numberOf(imageId)) !== upload) return;
  if (account.images.get(imageId)?.status !== 'pending_upload') return;
  account.images.delete(imageId);
  if (!received) failEvent(event, atMs, 'Upload window expired');
  world.invalidateLists(account);
}

function urlOf(world: World, { imageId, signature, expiresMs }: Upload): string {
  const expires = Math.floor(expiresMs / 1000);
  return `${world.origin()}/uploads/${numberOf(imageId)}?Signature=${encodeURIComponent(signature)}&Expires=${expires}`;
}
