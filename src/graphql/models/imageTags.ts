import type { ImageTag } from '../../generated/schema.js';
import type { LinodeImage } from '../../linode/api/images.js';

/** The tags of these images with their counts, alphabetically without regard to case. */
export function countTags(images: readonly Pick<LinodeImage, 'tags'>[]): ImageTag[] {
  const counts = new Map<string, number>();
  for (const { tags } of images) {
    for (const tag of new Set(tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts]
    .map(([label, count]) => ({ label, count, key: label.toLowerCase() }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.label, b.label))
    .map(({ label, count }) => ({ label, count }));
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
