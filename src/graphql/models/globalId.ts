/** The global IDs of all but images, which keep Linode's own: a short path that names the type. */
export const globalId = {
  region: (slug: string): string => `regions/${slug}`,
  linode: (number: string): string => `linodes/${number}`,
  disk: (linode: string, number: string): string => `linodes/${linode}/disks/${number}`,
  user: (username: string): string => `users/${username}`,
  event: (number: string): string => `events/${number}`,
};

/** A region's slug from that or from its global ID; undefined for what can't be one. */
export const toRegionSlug = (id: string): string | undefined =>
  /^(?:regions\/)?([a-z0-9][a-z0-9-]{0,62})$/.exec(id)?.[1];

/** A Linode's number from that or from its global ID; undefined for what can't be one. */
export const toLinodeNumber = (id: string): string | undefined =>
  /^(?:linodes\/)?([1-9]\d{0,14})$/.exec(id)?.[1];
