/** `linode/debian12-kube-v1.33.10`, `private/123`, `shared/7`: nothing else is an image's ID, so nothing else travels. */
const IMAGE_ID = /^(?:linode\/[A-Za-z0-9][A-Za-z0-9._-]{0,126}|(?:private|shared)\/[1-9]\d{0,18})$/;

export const isImageId = (id: string): boolean => IMAGE_ID.test(id);

/** Public images are viewed without a token too; the account's own never are. */
export const isPublicImageId = (id: string): boolean => id.startsWith('linode/');

/** An image ID holds a slash: `private/123` travels as `private%2F123`. */
export const imagePath = (id: string): string => `/images/${encodeURIComponent(id)}`;
