import { z } from 'zod';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { nullableText, type UnreadableRow } from '../shapes.js';
import { readRows } from './page.js';
import { linodeUser, type LinodeUser } from './users.js';

/** The user that a token belongs to. Source: GET /profile. */
export interface LinodeProfile extends LinodeUser {
  /** `GMT`, `America/New_York`. */
  timezone: string | null;
  /** `default`, `parent`, `child`, `proxy` or `delegate`; null in v4.176. */
  user_type: string | null;
}

/** What a restricted user may do. Source: GET /profile/grants. */
export interface LinodeGrants {
  global: LinodeGlobalGrants;
  /** Of the private images that the user sees. */
  image: LinodeGrant[];
  /** Rows of `image` that cannot be read. */
  unreadable: readonly UnreadableRow[];
}

/** Null where Linode does not say. */
export interface LinodeGlobalGrants {
  add_images: boolean | null;
  add_linodes: boolean | null;
}

export interface LinodeGrant {
  /** Of an image, the number in `private/123`. */
  id: number;
  /** `read_only`, `read_write`, or null for none. */
  permissions: string | null;
}

const linodeProfile: z.ZodType<LinodeProfile> = linodeUser.and(
  z.object({ timezone: nullableText, user_type: nullableText }),
);

const flag = z.boolean().nullable().catch(null);

const linodeGrant: z.ZodType<LinodeGrant> = z.object({
  id: z.int().min(1),
  permissions: z.string().nullable(),
});

/** A response with 204, for an unrestricted user, is read as null. */
const linodeGrants: z.ZodType<LinodeGrants | null> = z
  .object({
    global: z.object({ add_images: flag, add_linodes: flag }),
    image: z.array(z.unknown()).nullish(),
  })
  .nullable()
  .transform((grants) => {
    if (!grants) return null;
    const { readable, unreadable } = readRows(grants.image ?? [], linodeGrant);
    return { global: grants.global, image: readable, unreadable };
  });

const PROFILE = { kind: 'other', path: '/profile', needsToken: true, shape: linodeProfile } as const;
const GRANTS = { kind: 'other', path: '/profile/grants', needsToken: true, shape: linodeGrants } as const;

/** Every token may read it. */
export const getProfile = (linode: LinodeReads, terms: CallTerms): Promise<LinodeProfile> =>
  linode.read(PROFILE, terms);

/**
 * Every token may read them. Null for an unrestricted user, who may do everything: without a call where the cached
 * profile says so.
 */
export const getGrants = async (linode: LinodeReads, terms: CallTerms): Promise<LinodeGrants | null> =>
  linode.peek?.(PROFILE)?.restricted === false ? null : linode.read(GRANTS, terms);
