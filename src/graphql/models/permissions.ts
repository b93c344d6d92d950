import type { AccountPermissions, ImagePermissions } from '../../generated/schema.js';
import type { Grants } from '../../loaders/user.js';
import type { ImageModel } from './image.js';

/** What a user may do on the account; null if the grants do not say. @param grants null for an unrestricted user */
export function accountPermissions(grants: Grants | null): AccountPermissions | null {
  const { add_images: canAddImages, add_linodes: createLinode } = grants?.global ?? UNRESTRICTED;
  if (canAddImages === null || createLinode === null) return null;
  return { createImage: canAddImages, uploadImage: canAddImages, createLinode };
}

const UNRESTRICTED: Grants['global'] = { add_images: true, add_linodes: true };

/**
 * What a user may do with an image; null if the grants do not say. Public images and those of other accounts can
 * only be deployed.
 * @param grants null for an unrestricted user
 * @throws {LinodeInvalidResponse} if the image's grant cannot be read
 */
export function imagePermissions(
  { id, isPublic, type }: Pick<ImageModel, 'id' | 'isPublic' | 'type'>,
  grants: Grants | null,
): ImagePermissions | null {
  if (grants === null) return permissions(!isPublic && type !== 'SHARED', true);
  const canDeploy = grants.global.add_linodes;
  if (canDeploy === null) return null;
  if (isPublic) return permissions(false, canDeploy);
  // A new image, or a shared one: whether Linode has grants for those is not documented.
  const granted = grants.imageGrant(id);
  if (granted instanceof Error) throw granted;
  if (granted === undefined) return null;
  return permissions(granted === 'read_write', canDeploy && granted !== null);
}

const permissions = (canWrite: boolean, canDeploy: boolean): ImagePermissions => ({
  update: canWrite,
  replicate: canWrite,
  delete: canWrite,
  deploy: canDeploy,
});
