import type { MutationResolvers } from '../../generated/resolvers.js';
import type { SharedCatalog } from '../../catalog/sharedCatalogs.js';
import type { CallTerms } from '../../linode/client/client.js';
import type { UpdateImageBody } from '../../linode/api/imageWrites.js';
import type { GraphQLContext } from '../context.js';
import { uploadToExpiresAt } from '../models/image.js';
import { parseImageId } from '../models/imageId.js';
import { asUserErrors, invalid } from '../errors/userErrors.js';
import { given, notAnImageId, textErrors, toDiskNumber } from './imageInput.js';

/** Clears a description, as Cloud Manager does: Linode requires at least one character. */
const CLEARED = ' ';

export const imageMutations: MutationResolvers = {
  createImage: async (_, { input }, context) => {
    const { label, description } = input;
    const diskId = toDiskNumber(input.diskId);
    const userErrors = textErrors({ label, description });
    if (diskId === undefined) userErrors.unshift(invalid('This is not a disk number', 'diskId'));
    if (diskId === undefined || userErrors.length > 0) return { image: null, userErrors };
    const body = { disk_id: diskId, ...given({ label }), ...sharedBody(input) };
    return write(context, (catalog, terms) => catalog.create(body, terms)).then(
      (image) => ({ image: context.imageModels.of(image), userErrors: [] }),
      (error: unknown) => ({ image: null, userErrors: asUserErrors(error, 'diskId') }),
    );
  },

  initiateImageUpload: async (_, { input }, context) => {
    const { label, description, region } = input;
    const userErrors = textErrors({ label, region, description });
    if (userErrors.length > 0) return { image: null, uploadTo: null, expiresAt: null, userErrors };
    const body = { label, region: toRegionSlug(region), ...sharedBody(input) };
    return write(context, (catalog, terms) => catalog.upload(body, terms)).then(
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
    const { label, description } = input;
    const id = parseImageId(input.id);
    const userErrors = [
      ...(id === undefined ? [notAnImageId] : []),
      ...(label === null ? [invalid('The label must not be null', 'label')] : []),
      ...textErrors({ label, description }),
    ];
    if (id === undefined || userErrors.length > 0) return { image: null, userErrors };
    const body: UpdateImageBody = {
      ...given({ label }),
      ...(description !== undefined && { description: description || CLEARED }),
    };
    return write(context, (catalog, terms) => catalog.update(id, body, terms)).then(
      (image) => ({ image: context.imageModels.of(image), userErrors: [] }),
      (error: unknown) => ({ image: null, userErrors: asUserErrors(error, 'id') }),
    );
  },

  deleteImage: async (_, { input }, context) => {
    const id = parseImageId(input.id);
    if (id === undefined) return { deletedImageId: null, userErrors: [notAnImageId] };
    return write(context, (catalog, terms) => catalog.delete(id, terms)).then(
      () => ({ deletedImageId: id, userErrors: [] }),
      (error: unknown) => ({ deletedImageId: null, userErrors: asUserErrors(error, 'id') }),
    );
  },
};

/** Writes through the caller's catalog. Reads after it in the same operation fetch again. */
async function write<T>(
  { catalog, loaders, reading }: GraphQLContext,
  run: (catalog: SharedCatalog, terms: CallTerms) => Promise<T>,
): Promise<T> {
  try {
    return await run(catalog(), reading.terms);
  } finally {
    loaders.images.forget();
    loaders.events.forget();
  }
}

/** The bare slug, or a region's global ID: `us-east`, `regions/us-east`. */
const toRegionSlug = (id: string): string => id.replace(/^regions\//, '');

/** The part that captures and uploads share; an empty description counts as absent. */
const sharedBody = (input: {
  description?: string | null;
  cloudInit?: boolean | null;
}): { description?: string; cloud_init?: boolean } =>
  given({ description: input.description || null, cloud_init: input.cloudInit });
