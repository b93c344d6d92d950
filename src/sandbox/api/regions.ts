import { notFound, ok, type ApiResponse } from '../response.js';
import { xFilterOf, type Context } from './context.js';
import { parseFilter, type Filterable } from './filter.js';
import { rowInVersion, type ApiVersion } from '../world/apiVersion.js';
import { paginate } from './page.js';

/** `id` is not filterable. */
const REGION_KEYS: Readonly<Record<ApiVersion, Filterable>> = {
  '4.176': { filterable: [] },
  latest: { filterable: ['country', 'site_type'] },
};

/** `GET /regions` */
export function listRegions(context: Context): ApiResponse {
  const { version, regions } = context.world;
  const matching = parseFilter(xFilterOf(context), REGION_KEYS[version]).apply(regions);
  return ok(
    paginate(
      matching.map((each) => rowInVersion(version, 'region', each)),
      context.query,
    ),
  );
}

/** `GET /regions/{id}` */
export function viewRegion({ world, params }: Context): ApiResponse {
  const region = world.regions.find((each) => each.id === params[0]);
  return region ? ok(rowInVersion(world.version, 'region', region)) : notFound();
}
