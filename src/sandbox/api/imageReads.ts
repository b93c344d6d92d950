import { notFound, ok, type ApiResponse } from '../response.js';
import { xFilterOf, type Context } from './context.js';
import { parseFilter, type Filterable } from './filter.js';
import { findImage, visibleImages } from '../world/images.js';
import { paginate } from './page.js';

/** `created` is sortable though undocumented (Cloud Manager sorts by it); `status` is filterable but not sortable. */
const IMAGE_KEYS: Filterable = {
  filterable: ['label', 'deprecated', 'is_public', 'size', 'type', 'vendor', 'status'],
  sortable: ['label', 'deprecated', 'is_public', 'size', 'type', 'vendor', 'created'],
};
const MAX_CACHED_LISTS = 100;

/** `GET /images` */
export function listImages(context: Context): ApiResponse {
  const { caller, world, request } = context;
  const cache = caller ? caller.account.listCache : world.publicListCache;
  const filter = xFilterOf(context);
  const key = `${caller?.grants ? caller.token : ''} ${request.query} ${filter ?? ''}`;
  const cached = cache.get(key);
  if (cached) return { status: 200, body: cached };

  const body = Buffer.from(JSON.stringify(pageOfImages(context, filter)));
  if (cache.size >= MAX_CACHED_LISTS) cache.clear();
  cache.set(key, body);
  return { status: 200, body };
}

function pageOfImages({ world, caller, query }: Context, header: string | undefined) {
  const filter = parseFilter(header, IMAGE_KEYS);
  const page = paginate(filter.apply(visibleImages(world, caller)), query);
  // Only this collection reports an empty filtered result as page 0 of 0.
  return filter.narrows && page.results === 0 ? { ...page, page: 0, pages: 0 } : page;
}

/** `GET /images/{id}` */
export function viewImage({ world, caller, params }: Context): ApiResponse {
  const found = findImage(world, caller, params[0] ?? '');
  return found ? ok(found.image) : notFound();
}
