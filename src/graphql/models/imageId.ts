import { isImageId } from '../../linode/api/imageId.js';
import { badUserInput } from '../badUserInput.js';

/** What an image ID looks like, for error messages. */
export const IMAGE_ID_FORM =
  'An image ID looks like "linode/debian12", "private/123" or "shared/123"; the number alone means a private image';

/** An image ID from the ID or from the number of a private image; undefined if it is neither. */
export function parseImageId(id: string): string | undefined {
  const full = /^\d+$/.test(id) ? `private/${id}` : id;
  return isImageId(full) ? full : undefined;
}

/** @throws {GraphQLError} BAD_USER_INPUT if it can't be an image ID; `argument` is the path of the ID */
export function toImageId(id: string, argument: string): string {
  const imageId = parseImageId(id);
  if (imageId === undefined)
    throw badUserInput(`"${argument}" is not an image ID. ${IMAGE_ID_FORM}`, argument);
  return imageId;
}
