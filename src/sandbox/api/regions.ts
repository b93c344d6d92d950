import { notFound, ok, type ApiResponse } from '../response.js';
import { xFilterOf, type Context } from './context.js';
import { parseFilter, type Filterable } from './filter.js';
import { paginate } from './page.js';

/** No key is filterable, not even `id`. */
const REGION_KEYS: Filterable = { filterable: [] };

/** `GET /regions` */
export function listRegions(context: Context): ApiResponse {
  return ok(
    paginate(parseFilter(xFilterOf(context), REGION_KEYS).apply(context.world.regions), context.query),
  );
}

/** `GET /regions/{id}` */
export function viewRegion({ world, params }: Context): ApiResponse {
  const region = world.regions.find((each) => each.id === params[0]);
  return region ? ok(region) : notFound();
}
