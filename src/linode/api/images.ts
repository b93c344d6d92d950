import { z } from 'zod';
import type { CallTerms, LinodeClient } from '../client/client.js';
import type { ParsedBodyCache } from '../client/parsedBodyCache.js';
import type { Reservation } from '../client/rateBudget.js';
import { megabytes, nullableText, nullableTime, texts, time, type Shape } from '../shapes.js';
import { imagePath } from './imageId.js';
import { MAX_PAGE_SIZE, pageOf, type LinodePage } from './page.js';

/** A region that stores an image. */
export interface LinodeImageRegion {
  /** A slug: `us-east`. */
  region: string;
  /** `available`, `pending replication` (with the space), …; empty if it cannot be read. */
  status: string;
}

/** How an image is shared. Own images have `shared_with`, images of other accounts `shared_by`. */
export interface LinodeImageSharing {
  shared_with: { sharegroup_count: number } | null;
  shared_by: {
    sharegroup_uuid: string;
    sharegroup_label: string;
    /** The owner's `private/123`; null for members of the group. */
    source_image_id: string | null;
  } | null;
}

/**
 * An image. Fields that v4.176 does not send yet are null or empty; unknown fields are dropped.
 * Source: GET /images of v4.176, and `tags`, `total_size`, `regions`, `is_shared`, `image_sharing` of v4.208.
 */
export interface LinodeImage {
  id: string;
  label: string;
  /** `""` is the usual empty value; Cloud Manager writes `" "`. */
  description: string | null;
  /** `YYYY-MM-DDTHH:MM:SS` in UTC, without a zone. */
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
  tags: string[];
  /** MB in all regions together; null on public images. */
  total_size: number | null;
  /** Null on public images, which every region has. */
  regions: LinodeImageRegion[] | null;
  /** Stays true after the image was removed from its last share group; null on images of other accounts. */
  is_shared: boolean | null;
  /** Null on public images. */
  image_sharing: LinodeImageSharing | null;
}

const sharing: z.ZodType<LinodeImageSharing> = z.object({
  shared_with: z
    .object({ sharegroup_count: z.int().min(0) })
    .nullable()
    .catch(null),
  shared_by: z
    .object({
      sharegroup_uuid: z.string(),
      sharegroup_label: z.string(),
      source_image_id: nullableText,
    })
    .nullable()
    .catch(null),
});

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
  tags: texts,
  total_size: megabytes.nullable().catch(null),
  regions: z
    .array(z.object({ region: z.string().min(1), status: z.string().catch('') }))
    .nullish()
    .transform((regions) => regions ?? null),
  is_shared: z.boolean().nullable().catch(null),
  image_sharing: sharing.nullable().catch(null),
});

/** The value of a field that is missing or null, where that is not null. */
const DEFAULTS: Partial<LinodeImage> = { deprecated: false, capabilities: [], tags: [] };

/**
 * Whether parsing `row` would give an image equal to `image`. `row` is a parsed image, or one as Linode sends it:
 * its unknown fields are ignored, and a missing field counts as null.
 */
export function isSameImage(image: LinodeImage, row: object): boolean {
  const fields = row as Partial<LinodeImage>;
  for (const key in image) {
    const field = key as keyof LinodeImage;
    if (!isSameValue(image[field], fields[field] ?? DEFAULTS[field])) return false;
  }
  return true;
}

function isSameValue(value: unknown, other: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === (other ?? null);
  if (typeof other !== 'object' || other === null) return false;
  if (Array.isArray(value)) {
    if (!Array.isArray(other) || value.length !== other.length) return false;
    for (let i = 0; i < value.length; i++) if (!isSameValue(value[i], other[i])) return false;
    return true;
  }
  if (Array.isArray(other)) return false;
  const fields = value as Record<string, unknown>;
  for (const key in fields) {
    if (!isSameValue(fields[key], (other as Record<string, unknown>)[key])) return false;
  }
  return true;
}

/**
 * The images that a caller's catalog holds. Parsing returns these very objects for rows that are equal to them, so
 * that from there on two images are equal if and only if they are one object.
 */
export interface KnownImages {
  get(id: string): LinodeImage | undefined;
  /** Receives each image that is new or has changed. */
  add(image: LinodeImage): void;
}

/** The known image if it is equal to `image`, else `image`, which is then known. */
export function canonicalImage(image: LinodeImage, known: KnownImages): LinodeImage {
  const before = known.get(image.id);
  if (before && (before === image || isSameImage(before, image))) return before;
  known.add(image);
  return image;
}

/** The shape of one image. A row that is equal to a known image is not parsed, which takes far longer. */
export const imageShape = (known: KnownImages): Shape<LinodeImage> => ({
  safeParse(row) {
    const { id } = (row ?? {}) as { id?: unknown };
    const before = typeof id === 'string' ? known.get(id) : undefined;
    if (before && isSameImage(before, row as object)) return { success: true, data: before };
    const read = linodeImage.safeParse(row);
    return read.success ? { success: true, data: canonicalImage(read.data, known) } : read;
  },
});

export const imagesPage = (known: KnownImages): Shape<LinodePage<LinodeImage>> => pageOf(imageShape(known));

/**
 * One page of 500 of all images that the caller sees, from page 1.
 * @param reservation its call, reserved together with those of the other pages
 * @param bodyCache the page that the last response was parsed to; an identical body is not parsed again
 */
export const getImages = async (
  linode: LinodeClient,
  page: number,
  terms: CallTerms,
  known: KnownImages,
  reservation: Reservation,
  bodyCache: ParsedBodyCache<LinodePage<LinodeImage>>,
): Promise<LinodePage<LinodeImage>> => {
  const path = `/images?page=${page}&page_size=${MAX_PAGE_SIZE}`;
  const request = { kind: 'list', path, shape: imagesPage(known), reservation, bodyCache } as const;
  const read = await linode.read(request, terms);
  // A page from the body cache may be older than what the catalog holds of its images.
  return { ...read, data: read.data.map((image) => canonicalImage(image, known)) };
};

/** @throws {LinodeRefused} 404: the caller sees no such image */
export const getImage = (
  linode: LinodeClient,
  id: string,
  terms: CallTerms,
  known: KnownImages,
): Promise<LinodeImage> =>
  linode.read({ kind: 'view', path: imagePath(id), shape: imageShape(known) }, terms);
