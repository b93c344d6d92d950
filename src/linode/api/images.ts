import { z } from 'zod';
import type { CallTerms, LinodeClient } from '../client/client.js';
import { imagePath } from './imageId.js';
import type { ParsedBodyCache } from '../client/parsedBodyCache.js';
import { MAX_PAGE_SIZE, pageOf, type LinodePage } from './page.js';
import { sameImage } from './sameImage.js';
import { megabytes, nullableText, nullableTime, texts, time, type Shape } from '../shapes.js';

/** An image as Linode's v4.176 sends it. Keys that we do not know are dropped; a key that is missing is null. */
export interface LinodeImage {
  id: string;
  label: string;
  /** `""` is the usual empty value, `" "` is what Cloud Manager clears it with. */
  description: string | null;
  /** `YYYY-MM-DDTHH:MM:SS`, UTC without saying so. */
  created: string;
  updated: string | null;
  created_by: string | null;
  is_public: boolean;
  deprecated: boolean;
  /** MB */
  size: number;
  type: string;
  status: string;
  capabilities: string[];
  vendor: string | null;
  expiry: string | null;
  eol: string | null;
}

export const linodeImage: z.ZodType<LinodeImage> = z.object({
  id: z.string().min(1),
  label: z.string(),
  description: nullableText,
  created: time,
  updated: nullableTime,
  created_by: nullableText,
  is_public: z.boolean(),
  deprecated: z.boolean().catch(false),
  size: z.union([
    megabytes,
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]),
  type: z.string(),
  status: z.string(),
  capabilities: texts,
  vendor: nullableText,
  expiry: nullableTime,
  eol: nullableTime,
});

/** One page of images. */
export const imagesPage = pageOf(linodeImage);
const pageOfAnything = pageOf(z.unknown());

/**
 * Reads a page as `imagesPage` does, and takes over the images that are as they were known: most are, and to check
 * each takes far longer than to compare it.
 */
export const imagesPageKnowing = ({ data }: LinodePage<LinodeImage>): Shape<LinodePage<LinodeImage>> => ({
  safeParse(json) {
    const page = pageOfAnything.safeParse(json);
    if (!page.success) return imagesPage.safeParse(json);
    const known = new Map<unknown, LinodeImage>(data.map((image) => [image.id, image]));
    const images: LinodeImage[] = [];
    for (const row of page.data.data) {
      const before = known.get((row as { id?: unknown } | null)?.id);
      const checked =
        before && sameImage(before, row as LinodeImage) ? before : linodeImage.safeParse(row).data;
      // The whole shape tells what is wrong with it, and where.
      if (!checked) return imagesPage.safeParse(json);
      images.push(checked);
    }
    return { success: true, data: { ...page.data, data: images } };
  },
});

/** One page of 500 of all images that the caller sees, from page 1; its call is booked in the rateBudget already. */
export const getImages = (
  linode: LinodeClient,
  page: number,
  terms: CallTerms,
  known: ParsedBodyCache<LinodePage<LinodeImage>>,
): Promise<LinodePage<LinodeImage>> => {
  const path = `/images?page=${page}&page_size=${MAX_PAGE_SIZE}`;
  const shape = known.value ? imagesPageKnowing(known.value) : imagesPage;
  return linode.read({ kind: 'list', path, shape, isReserved: true, known }, terms);
};

/** @throws {LinodeRefused} 404: there is none that the caller may see */
export const getImage = (linode: LinodeClient, id: string, terms: CallTerms): Promise<LinodeImage> =>
  linode.read({ kind: 'view', path: imagePath(id), shape: linodeImage }, terms);

export interface CreateImageBody {
  disk_id: number;
  label?: string;
  description?: string;
  cloud_init?: boolean;
}

/** Captures a disk; the image is `creating` at first. */
export const createImage = (
  linode: LinodeClient,
  body: CreateImageBody,
  terms: CallTerms,
): Promise<LinodeImage> => linode.write({ method: 'POST', path: '/images', body, shape: linodeImage }, terms);

export interface UploadImageBody {
  label: string;
  region: string;
  description?: string;
  cloud_init?: boolean;
}

export interface LinodeImageUpload {
  /** A presigned URL that takes the bytes for 24 hours: a secret, told only here. */
  upload_to: string;
  image: LinodeImage;
}

const imageUpload: z.ZodType<LinodeImageUpload> = z.object({
  upload_to: z.string().min(1),
  image: linodeImage,
});

export const uploadImage = (
  linode: LinodeClient,
  body: UploadImageBody,
  terms: CallTerms,
): Promise<LinodeImageUpload> =>
  linode.write({ method: 'POST', path: '/images/upload', body, shape: imageUpload }, terms);

export interface UpdateImageBody {
  label?: string;
  description?: string;
}

export const updateImage = (
  linode: LinodeClient,
  id: string,
  body: UpdateImageBody,
  terms: CallTerms,
): Promise<LinodeImage> =>
  linode.write({ method: 'PUT', path: imagePath(id), body, shape: linodeImage }, terms);

/** Linode deletes in its own time: for a while it may still list what it was told to delete. */
export const deleteImage = async (linode: LinodeClient, id: string, terms: CallTerms): Promise<void> => {
  await linode.write({ method: 'DELETE', path: imagePath(id), shape: z.object({}) }, terms);
};
