import type {
  Image,
  ImageRegion,
  ImageRegionStatus,
  ImageSharedBy,
  ImageStatus,
  ImageType,
} from '../../generated/schema.js';
import type { LinodeImage, LinodeImageRegion } from '../../linode/api/images.js';
import type { LinodeImageUpload } from '../../linode/api/imageWrites.js';
import { uploadExpiresAtMs } from '../../linode/api/uploadExpiry.js';
import { toDateTime, toOptionalDateTime } from './linodeTime.js';
import { enumValueOf } from './enumValues.js';

/** The fields of an image that have resolvers; see resolvers/imageEdges.ts. */
export type ImageEdge =
  'creator' | 'linodes' | 'events' | 'latestEvent' | 'progress' | 'sourceLinode' | 'viewerCan';

/** A region of an image, without its edge `region`. */
export type ImageRegionModel = Required<Omit<ImageRegion, 'region'>>;

/** An image in the schema's words, without its edges. */
export interface ImageModel extends Required<Omit<Image, ImageEdge | 'regions'>> {
  regions: ImageRegionModel[] | null;
}

const TYPES: Record<string, ImageType> = { manual: 'MANUAL', automatic: 'AUTOMATIC', shared: 'SHARED' };

const STATUSES: Record<string, ImageStatus> = {
  creating: 'CREATING',
  pending_upload: 'PENDING_UPLOAD',
  available: 'AVAILABLE',
};

const REGION_STATUSES: Record<string, ImageRegionStatus> = {
  available: 'AVAILABLE',
  creating: 'CREATING',
  pending: 'PENDING',
  'pending deletion': 'PENDING_DELETION',
  'pending replication': 'PENDING_REPLICATION',
  replicating: 'REPLICATING',
  timedout: 'TIMED_OUT',
};

const UPLOAD_WINDOW_MS = 24 * 60 * 60 * 1000;

/** Linode's image in the schema's words. `ImageModels` translates each image once. */
export const toImage = (image: LinodeImage): ImageModel => ({
  __typename: 'Image',
  id: image.id,
  label: image.label,
  description: image.description === '' || image.description === ' ' ? null : image.description,
  created: toDateTime(image.created),
  updated: toOptionalDateTime(image.updated),
  createdBy: image.created_by === '' ? null : image.created_by,
  isPublic: image.is_public,
  deprecated: image.deprecated,
  size: image.size,
  type: enumValueOf(TYPES, image.type),
  status: enumValueOf(STATUSES, image.status),
  capabilities: image.capabilities,
  vendor: image.vendor,
  expiry: toOptionalDateTime(image.expiry),
  eol: toEol(image.eol),
  uploadExpiresAt: image.status === 'pending_upload' ? uploadExpiresAt(image) : null,
  tags: image.tags,
  totalSize: image.total_size,
  regions: image.regions?.map(toImageRegion) ?? null,
  // Linode's own flag stays true after the last share group of an image is gone: the count decides.
  isShared: shareGroupCountOf(image) === null ? null : shareGroupCountOf(image) !== 0,
  shareGroupCount: shareGroupCountOf(image),
  sharedBy: image.type === 'shared' ? toSharedBy(image) : null,
});

/** Some tens of regions and seven statuses; texts that Linode makes up beyond them are not remembered. */
const MAX_REGION_MODELS = 1000;
/** By slug and status: most images are in the same regions, and equal models are serialized once. */
const regionModels = new Map<string, ImageRegionModel>();

function toImageRegion({ region, status }: LinodeImageRegion): ImageRegionModel {
  const key = `${region} ${status}`;
  let model = regionModels.get(key);
  if (!model) {
    model = { __typename: 'ImageRegion', regionId: region, status: enumValueOf(REGION_STATUSES, status) };
    if (regionModels.size < MAX_REGION_MODELS) regionModels.set(key, model);
  }
  return model;
}

const shareGroupCountOf = ({ is_public: isPublic, image_sharing: sharing }: LinodeImage): number | null =>
  isPublic ? null : (sharing?.shared_with?.sharegroup_count ?? null);

function toSharedBy({ image_sharing: sharing }: LinodeImage): Required<ImageSharedBy> | null {
  const by = sharing?.shared_by;
  if (!by) return null;
  return {
    __typename: 'ImageSharedBy',
    shareGroupUuid: by.sharegroup_uuid,
    shareGroupLabel: by.sharegroup_label,
    sourceImageId: by.source_image_id,
  };
}

/** Linode represents "none" by a day in 1970. */
const toEol = (time: string | null): string | null =>
  time === null || time.startsWith('1970-01-01') ? null : toDateTime(time);

/** The time until which Linode waits for the upload. */
const uploadExpiresAt = (image: LinodeImage): string =>
  fromEpochMs(Date.parse(toDateTime(image.created)) + UPLOAD_WINDOW_MS);

/** The time at which an upload URL expires: by its signature, otherwise as long as Linode waits for the upload. */
export function uploadToExpiresAt({ upload_to, image }: LinodeImageUpload): string {
  const expiresAtMs = uploadExpiresAtMs(upload_to);
  return expiresAtMs === undefined ? uploadExpiresAt(image) : fromEpochMs(expiresAtMs);
}

const fromEpochMs = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
