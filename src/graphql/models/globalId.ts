/** Global IDs: a short path that implies the type. Images use Linode's own IDs. */
export const globalId = {
  region: (slug: string): string => `regions/${slug}`,
  linode: (number: string): string => `linodes/${number}`,
  disk: (linode: string, number: string): string => `linodes/${linode}/disks/${number}`,
  user: (username: string): string => `users/${username}`,
  event: (number: string): string => `events/${number}`,
};

/** A region's slug from the slug or the global ID; undefined if it is neither. */
export const toRegionSlug = (id: string): string | undefined =>
  /^(?:regions\/)?([a-z0-9][a-z0-9-]{0,62})$/.exec(id)?.[1];

/** A Linode's number from the number or the global ID; undefined if it is neither. */
export const toLinodeNumber = (id: string): string | undefined =>
  /^(?:linodes\/)?([1-9]\d{0,14})$/.exec(id)?.[1];
