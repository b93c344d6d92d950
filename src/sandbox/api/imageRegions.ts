import { fail, ok, type ApiResponse } from '../response.js';
import type { Context } from './context.js';
import { modifiableImage } from './imageWrites.js';
import { parseBody } from './validation.js';
import { storesImages } from '../world/regions.js';
import { setRegions } from '../world/replication.js';
import type { SandboxImage } from '../world/wire.js';
import type { World } from '../world/world.js';

/** `POST /images/{id}/regions`: replicates to the given regions and deletes the image from all others. */
export function replicateImage(context: Context): ApiResponse {
  const { world, request, workFault } = context;
  const { image, account } = modifiableImage(context);
  const wanted = wantedRegions(world, image, parseBody(request.body)['regions']);
  setRegions(world, account, image, wanted, workFault);
  return ok(world.wireImage(image));
}

function wantedRegions(world: World, image: SandboxImage, value: unknown): string[] {
  if (value === undefined) return fail(400, 'regions is required', 'regions');
  if (!isStringArray(value)) return fail(400, 'Must be an array of strings', 'regions');
  if (value.length === 0) return fail(400, 'Must specify at least one region.', 'regions');
  if (image.status !== 'available') return fail(400, 'Image must be available.');
  const invalid = value.findIndex((id) => !storesImages(world.regions.find((each) => each.id === id)));
  if (invalid !== -1) return fail(400, 'Invalid regions to replicate.', `regions[${invalid}]`);
  const available = (image.regions ?? []).filter(({ status }) => status === 'available');
  if (!available.some(({ region }) => value.includes(region))) {
    return fail(400, 'At least one available region must be specified.', 'regions');
  }
  return [...new Set(value)];
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
