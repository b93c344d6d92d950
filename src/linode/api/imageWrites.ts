import { z } from 'zod';
import type { CallTerms, LinodeClient } from '../client/client.js';
import { imagePath } from './imageId.js';
import { imageShape, linodeImage, type KnownImages, type LinodeImage } from './images.js';

export interface CreateImageBody {
  disk_id: number;
  label?: string;
  description?: string;
  cloud_init?: boolean;
  tags?: string[];
}

/** Captures a disk. The new image is `creating`. */
export const createImage = (
  linode: LinodeClient,
  body: CreateImageBody,
  terms: CallTerms,
): Promise<LinodeImage> => linode.write({ method: 'POST', path: '/images', body, shape: linodeImage }, terms);

export interface UploadImageBody {
  label: string;
  /** A slug: `us-east`. */
  region: string;
  description?: string;
  cloud_init?: boolean;
  tags?: string[];
}

export interface LinodeImageUpload {
  /** A presigned URL that accepts the image file for 24 hours. A secret that Linode sends only once. */
  upload_to: string;
  image: LinodeImage;
}

const imageUpload: z.ZodType<LinodeImageUpload> = z.object({
  upload_to: z.string().min(1),
  image: linodeImage,
});

/** Creates an image that is `pending_upload` until its file arrives at `upload_to`. */
export const uploadImage = (
  linode: LinodeClient,
  body: UploadImageBody,
  terms: CallTerms,
): Promise<LinodeImageUpload> =>
  linode.write({ method: 'POST', path: '/images/upload', body, shape: imageUpload }, terms);

export interface UpdateImageBody {
  label?: string;
  /** One space clears it: Linode refuses an empty text. */
  description?: string;
  /** Replaces all tags. */
  tags?: string[];
}

export const updateImage = (
  linode: LinodeClient,
  id: string,
  body: UpdateImageBody,
  terms: CallTerms,
  known: KnownImages,
): Promise<LinodeImage> =>
  linode.write({ method: 'PUT', path: imagePath(id), body, shape: imageShape(known) }, terms);

/** `{}`, or nothing with a 204. */
const deleted = z.object({}).nullable();

/** Linode deletes asynchronously and may list a deleted image for a while. */
export const deleteImage = async (linode: LinodeClient, id: string, terms: CallTerms): Promise<void> => {
  await linode.write({ method: 'DELETE', path: imagePath(id), shape: deleted }, terms);
};

/**
 * Stores the image in exactly these regions: new ones are `pending replication`, missing ones are removed.
 * @param regions slugs, at least one of a region where the image is available now
 * @returns the image; its `regions` are null if Linode leaves them out of the response, as it did at times
 */
export const setImageRegions = (
  linode: LinodeClient,
  id: string,
  regions: readonly string[],
  terms: CallTerms,
  known: KnownImages,
): Promise<LinodeImage> =>
  linode.write(
    { method: 'POST', path: `${imagePath(id)}/regions`, body: { regions }, shape: imageShape(known) },
    terms,
  );
