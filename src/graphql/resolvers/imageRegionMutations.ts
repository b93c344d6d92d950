import type { RegionsResult } from '../../catalog/sharedCatalogs.js';
import type { MutationResolvers } from '../../generated/resolvers.js';
import type { UserError } from '../../generated/schema.js';
import { asUserErrors, invalid } from '../errors/userErrors.js';
import { parseImageId } from '../models/imageId.js';
import { notAnImageId, regionErrors, toRegionSlugs } from './imageInput.js';
import { writeImages } from './imageWrites.js';

export const imageRegionMutations: Required<Pick<MutationResolvers, 'setImageRegions'>> = {
  setImageRegions: async (_, { input }, context) => {
    const id = parseImageId(input.id);
    const userErrors = [
      ...(id === undefined ? [notAnImageId] : []),
      ...regionErrors(input.regions, 'regions'),
      ...regionErrors(input.expectedRegions, 'expectedRegions'),
    ];
    if (id === undefined || userErrors.length > 0) return { image: null, userErrors };
    const regions = {
      regions: toRegionSlugs(input.regions),
      expected: input.expectedRegions ? toRegionSlugs(input.expectedRegions) : undefined,
    };
    return writeImages(context, (catalog, terms) => catalog.setRegions(id, regions, terms)).then(
      (result) => ({
        image: result.refusal === 'none available' ? null : context.imageModels.of(result.image),
        userErrors: refusalsOf(result),
      }),
      (error: unknown) => ({ image: null, userErrors: asUserErrors(error, 'id') }),
    );
  },
};

function refusalsOf({ image, refusal }: RegionsResult): UserError[] {
  if (refusal === null) return [];
  if (refusal === 'changed') {
    const message = 'The regions of the image have changed meanwhile';
    return [{ code: 'CONFLICT', message, field: ['input', 'expectedRegions'] }];
  }
  const available = (image.regions ?? []).flatMap(({ region, status }) =>
    status === 'available' ? [region] : [],
  );
  return [
    invalid(
      `At least one region in which the image is available must stay (${available.join(', ')})`,
      'regions',
    ),
  ];
}
