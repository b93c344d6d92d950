import { notFound, ok, type ApiResponse } from '../response.js';
import { xFilterOf, type Context } from './context.js';
import { parseFilter, type Filterable } from './filter.js';
import { findImage, visibleImages } from '../world/images.js';
import type { ApiVersion } from '../world/apiVersion.js';
import { paginate } from './page.js';

/** `created` is sortable though undocumented (Cloud Manager sorts by it); `status` is filterable but not sortable. */
const SORTABLE = ['label', 'deprecated', 'is_public', 'size', 'type', 'vendor', 'created'];
const FILTERABLE = ['label', 'deprecated', 'is_public', 'size', 'type', 'vendor', 'status'];
const IMAGE_KEYS: Readonly<Record<ApiVersion, Filterable>> = {
  '4.176': { filterable: FILTERABLE, sortable: SORTABLE },
  latest: {
    filterable: [...FILTERABLE, 'tags', 'regions', 'is_shared'],
    sortable: SORTABLE,
    notInOr: ['tags', 'status', 'regions'],
    notInAnd: ['status', 'regions'],
    elements: { regions: 'region' },
  },
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
  const filter = parseFilter(header, IMAGE_KEYS[world.version]);
  const page = paginate(
    filter.apply(visibleImages(world, caller)).map((image) => world.wireImage(image)),
    query,
  );
  // Only this collection reports an empty filtered result as page 0 of 0.
  return filter.narrows && page.results === 0 ? { ...page, page: 0, pages: 0 } : page;
}

/** `GET /images/{id}` */
export function viewImage({ world, caller, params }: Context): ApiResponse {
  const found = findImage(world, caller, params[0] ?? '');
  return found ? ok(world.wireImage(found.image)) : notFound();
}
