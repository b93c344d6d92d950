/** `linode/debian12-kube-v1.33.10`, `private/123`, `shared/7`: only such a text is an image ID, and only such a text is put into a path. */
const IMAGE_ID = /^(?:linode\/[A-Za-z0-9][A-Za-z0-9._-]{0,126}|(?:private|shared)\/[1-9]\d{0,18})$/;

export const isImageId = (id: string): boolean => IMAGE_ID.test(id);

/** Public images can be viewed without a token, too; those of an account cannot. */
export const isPublicImageId = (id: string): boolean => id.startsWith('linode/');

/** An image ID holds a slash: `private/123` is sent as `private%2F123`. */
export const imagePath = (id: string): string => `/images/${encodeURIComponent(id)}`;
