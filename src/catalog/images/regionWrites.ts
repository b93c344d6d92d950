import type { LinodeImage } from '../../linode/api/images.js';
import type { RegionsResult, RegionsWrite } from '../sharedCatalogs.js';

interface Calls {
  /** A fresh view; null if there is no such image. */
  view: () => Promise<LinodeImage | null>;
  write: () => Promise<LinodeImage>;
}

/** Writes regions if the present ones are as expected. Linode has no such condition: calls must not overlap. */
export async function writeRegions(
  { regions, expected }: RegionsWrite,
  { view, write }: Calls,
): Promise<RegionsResult> {
  const before = expected && (await view());
  if (expected && before) {
    // Where Linode does not say the regions, only a form that knew of none can overwrite them.
    if (!isSameSet(keptRegions(before), expected)) return { image: before, refusal: 'changed' };
    const stays = before.regions?.some(
      ({ region, status }) => status === 'available' && regions.includes(region),
    );
    if (stays === false) return { image: before, refusal: 'none available' };
  }
  const image = await write();
  if (image.regions) return { image, refusal: null };
  // Some responses lack the regions. The write has succeeded, whatever becomes of the view.
  const viewed = await view().catch(() => null);
  return { image: viewed ?? image, refusal: null };
}

/** Without those that are about to be removed: a user has decided so. */
const keptRegions = ({ regions }: LinodeImage): string[] =>
  (regions ?? []).flatMap(({ region, status }) => (status === 'pending deletion' ? [] : [region]));

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const [inA, inB] = [new Set(a), new Set(b)];
  return inA.size === inB.size && [...inA].every((each) => inB.has(each));
}
