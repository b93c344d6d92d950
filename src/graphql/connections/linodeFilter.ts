import type { LinodeFilter } from '../../generated/schema.js';
import { allOf, oneOf, type XFilter } from '../../linode/api/xFilter.js';
import { every, isOneOf, matchesString, on, type Predicate } from './filter.js';
import { toRegionSlug } from '../models/globalId.js';
import type { FullLinode } from '../models/linode.js';

/** The predicate that a `LinodeFilter` means. */
export const matchesLinode = ({ label, region, tag, imageId }: LinodeFilter): Predicate<FullLinode> =>
  every<FullLinode>([
    on((linode) => linode.label, matchesString(label)),
    on((linode) => linode.regionSlug, isOneOf(region && slugsOf(region))),
    tag == null ? undefined : ({ tags }) => tags.includes(tag),
    imageId == null ? undefined : isRunning(imageId),
  ]);

const isRunning = (imageIds: readonly string[]): Predicate<FullLinode> => {
  const among = new Set(imageIds);
  return ({ imageId }) => imageId !== null && among.has(imageId);
};

const slugsOf = (ids: readonly string[]): string[] => ids.flatMap((id) => toRegionSlug(id) ?? []);

/** Whether nothing can match, so that nothing needs to be asked. */
export const matchesNothing = ({ label, region, imageId }: LinodeFilter): boolean =>
  label?.in?.length === 0 ||
  label?.isNull === true ||
  (region && slugsOf(region))?.length === 0 ||
  imageId?.length === 0;

/**
 * What of a `LinodeFilter` Linode can sort out by itself; undefined for nothing. It may let through more than
 * the filter means, so the predicate has the last word.
 */
export function linodeXFilterOf({ label, region, tag, imageId }: LinodeFilter): XFilter | undefined {
  return allOf([
    ...(label?.eq == null ? [] : [{ label: label.eq }]),
    ...(label?.in == null ? [] : [oneOf('label', label.in)]),
    ...(label?.contains ? [{ label: { '+contains': label.contains } }] : []),
    ...(region == null ? [] : [oneOf('region', slugsOf(region))]),
    ...(tag == null ? [] : [{ tags: tag }]),
    ...(imageId == null ? [] : [oneOf('image', imageId)]),
  ]);
}
