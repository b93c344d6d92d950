import type { MutationResolvers } from '../../generated/resolvers.js';
import type { SharedCatalog } from '../../catalog/sharedCatalogs.js';
import type { CallTerms } from '../../linode/client/client.js';
import { isImageId } from '../../linode/api/imageId.js';
import type { UpdateImageBody } from '../../linode/api/imageWrites.js';
import type { GraphQLContext } from '../context.js';
import { uploadToExpiresAt } from '../models/image.js';
import { asUserErrors, invalid } from '../errors/userErrors.js';

/** Clears a description, as Cloud Manager does: Linode requires at least one character. */
const CLEARED = ' ';

const notAnImageId = invalid('This is not an image ID', 'id');

export const imageMutations: MutationResolvers = {
  createImage: async (_, { input }, context) => {
    const diskId = toDiskNumber(input.diskId);
    if (diskId === undefined) {
      return { image: null, userErrors: [invalid('This is not a disk number', 'diskId')] };
    }
    const body = { disk_id: diskId, ...given({ label: input.label }), ...sharedBody(input) };
    return write(context, (catalog, terms) => catalog.create(body, terms)).then(
      (image) => ({ image: context.imageModels.of(image), userErrors: [] }),
      (error: unknown) => ({ image: null, userErrors: asUserErrors(error, 'diskId') }),
    );
  },

  initiateImageUpload: async (_, { input }, context) => {
    const body = { label: input.label, region: toRegionSlug(input.region), ...sharedBody(input) };
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
    const { id, label, description } = input;
    const userErrors = [
      ...(isImageId(id) ? [] : [notAnImageId]),
      ...(label === null ? [invalid('The label must not be null', 'label')] : []),
    ];
    if (userErrors.length > 0) return { image: null, userErrors };
    const body: UpdateImageBody = {
      ...given({ label }),
      ...(description !== undefined && { description: description || CLEARED }),
    };
    return write(context, (catalog, terms) => catalog.update(id, body, terms)).then(
      (image) => ({ image: context.imageModels.of(image), userErrors: [] }),
      (error: unknown) => ({ image: null, userErrors: asUserErrors(error, 'id') }),
    );
  },

  deleteImage: async (_, { input: { id } }, context) => {
    if (!isImageId(id)) return { deletedImageId: null, userErrors: [notAnImageId] };
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

/** The bare number, or a disk's global ID: `456`, `linodes/123/disks/456`. */
function toDiskNumber(id: string): number | undefined {
  const number = Number(/^(?:linodes\/\d+\/disks\/)?([1-9]\d*)$/.exec(id)?.[1]);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The bare slug, or a region's global ID: `us-east`, `regions/us-east`. */
const toRegionSlug = (id: string): string => id.replace(/^regions\//, '');

/** The part that captures and uploads share; an empty description counts as absent. */
const sharedBody = (input: {
  description?: string | null;
  cloudInit?: boolean | null;
}): { description?: string; cloud_init?: boolean } =>
  given({ description: input.description || null, cloud_init: input.cloudInit });

/** The values that are neither absent nor null. */
const given = <V extends Record<string, unknown>>(values: V): { [K in keyof V]?: NonNullable<V[K]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as {
    [K in keyof V]?: NonNullable<V[K]>;
  };
