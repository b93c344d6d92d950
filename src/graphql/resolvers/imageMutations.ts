import type { MutationResolvers } from '../../generated/resolvers.js';
import type { UpdateImageBody } from '../../linode/api/imageWrites.js';
import { uploadToExpiresAt } from '../models/image.js';
import { parseImageId } from '../models/imageId.js';
import { asUserErrors, invalid } from '../errors/userErrors.js';
import { writeImages } from './imageWrites.js';
import { given, notAnImageId, textErrors, toDiskNumber } from './imageInput.js';

/** Clears a description, as Cloud Manager does: Linode requires at least one character. */
const CLEARED = ' ';

export const imageMutations: Omit<MutationResolvers, 'setImageRegions'> = {
  createImage: async (_, { input }, context) => {
    const { label, description, tags } = input;
    const diskId = toDiskNumber(input.diskId);
    const userErrors = textErrors({ label, description, tags });
    if (diskId === undefined) userErrors.unshift(invalid('This is not a disk number', 'diskId'));
    if (diskId === undefined || userErrors.length > 0) return { image: null, userErrors };
    const body = { disk_id: diskId, ...given({ label }), ...sharedBody(input) };
    return writeImages(context, (catalog, terms) => catalog.create(body, terms)).then(
      (image) => ({ image: context.imageModels.of(image), userErrors: [] }),
      (error: unknown) => ({ image: null, userErrors: asUserErrors(error, 'diskId') }),
    );
  },

  initiateImageUpload: async (_, { input }, context) => {
    const { label, description, region, tags } = input;
    const userErrors = textErrors({ label, region, description, tags });
    if (userErrors.length > 0) return { image: null, uploadTo: null, expiresAt: null, userErrors };
    const body = { label, region: toRegion(region), ...sharedBody(input) };
    return writeImages(context, (catalog, terms) => catalog.upload(body, terms)).then(
      (upload) => ({
        image: context.imageModels.of(upload.image),
        uploadTo: upload.upload_to,
        expiresAt: uploadToExpiresAt(upload),
        userErrors: [],
      }),
      (error: unknown) => ({
        image: null,
        uploadTo: null,
        expiresAt: null,
        userErrors: asUserErrors(error, 'region'),
      }),
    );
  },

  updateImage: async (_, { input }, context) => {
    const { label, description, tags } = input;
    const id = parseImageId(input.id);
    const userErrors = [
      ...(id === undefined ? [notAnImageId] : []),
      ...(label === null ? [invalid('The label must not be null', 'label')] : []),
      ...(tags === null ? [invalid('The tags must not be null: an empty list removes them', 'tags')] : []),
      ...textErrors({ label, description, tags }),
    ];
    if (id === undefined || userErrors.length > 0) return { image: null, userErrors };
    const body: UpdateImageBody = {
      ...given({ label, tags }),
      ...(description !== undefined && { description: description || CLEARED }),
    };
    return writeImages(context, (catalog, terms) => catalog.update(id, body, terms)).then(
      (image) => ({ image: context.imageModels.of(image), userErrors: [] }),
      (error: unknown) => ({ image: null, userErrors: asUserErrors(error, 'id') }),
    );
  },

  deleteImage: async (_, { input }, context) => {
    const id = parseImageId(input.id);
    if (id === undefined) return { deletedImageId: null, userErrors: [notAnImageId] };
    return writeImages(context, (catalog, terms) => catalog.delete(id, terms)).then(
      () => ({ deletedImageId: id, userErrors: [] }),
      (error: unknown) => ({ deletedImageId: null, userErrors: asUserErrors(error, 'id') }),
    );
  },
};

/** The slug, or a region's global ID: `us-east`, `regions/us-east`. Linode refuses all others. */
const toRegion = (id: string): string => id.replace(/^regions\//, '');

/** The part that captures and uploads share; an empty description counts as absent. */
const sharedBody = (input: {
  description?: string | null;
  cloudInit?: boolean | null;
  tags?: string[] | null;
}): { description?: string; cloud_init?: boolean; tags?: string[] } =>
  given({ description: input.description || null, cloud_init: input.cloudInit, tags: input.tags });
