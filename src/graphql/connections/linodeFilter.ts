import type { LinodeFilter } from '../../generated/schema.js';
import { allOf, oneOf, type XFilter } from '../../linode/api/xFilter.js';
import { ConditionSet, every, includes, isOneOf, matchesString, Text, type Predicate } from './filter.js';
import { toRegionSlug } from '../models/globalId.js';
import type { FullLinode } from '../models/linode.js';

/** Compiles a `LinodeFilter` to a predicate. */
export function matchesLinode({ label, region, tag, imageId }: LinodeFilter): Predicate<FullLinode> {
  const set = new ConditionSet<FullLinode>();
  return every([
    set.on((linode) => new Text(linode.label), matchesString(label)),
    set.on((linode) => linode.regionSlug, isOneOf(region && slugsOf(region))),
    set.on((linode) => linode.tags, includes(tag)),
    set.on((linode) => linode.imageId, isOneOf<string | null>(imageId)),
  ]);
}

const slugsOf = (ids: readonly string[]): string[] => ids.flatMap((id) => toRegionSlug(id) ?? []);

/** Whether nothing can match, so that no call is needed. */
export const matchesNothing = ({ label, region, imageId }: LinodeFilter): boolean =>
  label?.in?.length === 0 ||
  label?.isNull === true ||
  (region && slugsOf(region))?.length === 0 ||
  imageId?.length === 0;

/**
 * The part of a `LinodeFilter` that Linode can evaluate; undefined if there is none. Linode may return more than
 * what matches, so the predicate is still applied.
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
