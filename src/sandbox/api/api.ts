import { checkAccess } from './access.js';
import { errorResponse, ApiError, fail, type ApiResponse } from '../response.js';
import type { RateLimits } from './rateLimit.js';
import type { SandboxRequest } from '../requestLog.js';
import { matchRoute, type Matched } from './routes.js';
import { SPEC_VERSIONS, type ApiVersion } from '../world/apiVersion.js';
import type { WorkFault, World } from '../world/world.js';

const COMMON_HEADERS = {
  'Content-Type': 'application/json',
  Vary: 'Authorization, X-Filter',
};

/** Handles one API request whose body has been read. `ip` identifies anonymous callers for rate limits. */
export function handleApi(
  world: World,
  limits: RateLimits | null,
  request: SandboxRequest,
  ip: string,
  workFault?: WorkFault,
): ApiResponse {
  const matched = matchRoute(world.version, request.method, request.path);
  const caller = world.callerOf(request.token);
  const headers: Record<string, string> = {
    ...COMMON_HEADERS,
    'Cache-Control': cacheControlOf(world.version, request),
    'X-Spec-Version': SPEC_VERSIONS[world.version],
    'X-OAuth-Scopes': caller?.scopes ?? 'unknown',
  };
  if (typeof matched === 'object') headers['X-Accepted-OAuth-Scopes'] = matched.route.accepted;

  if (limits) {
    const kind = typeof matched === 'object' ? matched.route.limit : 'general';
    const result = limits.consume(kind, caller ? `token ${caller.token}` : `ip ${ip}`, world.now());
    Object.assign(headers, result.headers);
    if (!result.allowed) return { ...errorResponse(429, [{ reason: 'Too many requests' }]), headers };
  }
  const response = handle(world, matched, request, workFault);
  return { ...response, headers: { ...headers, ...response.headers } };
}

function handle(
  world: World,
  matched: Matched | 'method' | undefined,
  request: SandboxRequest,
  workFault: WorkFault | undefined,
): ApiResponse {
  try {
    if (matched === undefined) return fail(404, 'Not found');
    if (matched === 'method') return fail(405, 'Method Not Allowed');
    const { route, params } = matched;
    const caller = checkAccess(route, params, request.token, world.callerOf(request.token));
    return route.handle({
      world,
      caller,
      request,
      query: new URLSearchParams(request.query),
      params,
      ...(workFault && { workFault }),
    });
  } catch (error) {
    if (error instanceof ApiError) return errorResponse(error.status, error.errors);
    throw error;
  }
}

/** Today two layers of the API set the header, and contradict each other. */
function cacheControlOf(version: ApiVersion, { method, path }: SandboxRequest): string {
  if (version === '4.176' || path === '/profile' || path.startsWith('/account/')) {
    return 'max-age=0, no-cache, no-store';
  }
  const maxAge = 'private, max-age=60, s-maxage=60';
  return method === 'GET' ? `private, max-age=0, s-maxage=0, no-cache, no-store, ${maxAge}` : maxAge;
}
