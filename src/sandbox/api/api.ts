import { checkAccess } from './access.js';
import { errorResponse, ApiError, fail, type ApiResponse } from '../response.js';
import type { RateLimits } from './rateLimit.js';
import type { SandboxRequest } from '../requestLog.js';
import { matchRoute, type Matched } from './routes.js';
import type { World } from '../world/world.js';

const COMMON_HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'max-age=0, no-cache, no-store',
  Vary: 'Authorization, X-Filter',
  'X-Spec-Version': '4.176.0',
};

/** Handles one API request whose body has been read. `ip` identifies anonymous callers for rate limits. */
export function handleApi(
  world: World,
  limits: RateLimits | null,
  request: SandboxRequest,
  ip: string,
): ApiResponse {
  const matched = matchRoute(request.method, request.path);
  const caller = request.token === null ? undefined : world.callers.get(request.token);
  const headers: Record<string, string> = {
    ...COMMON_HEADERS,
    'X-OAuth-Scopes': caller?.scopes ?? 'unknown',
  };
  if (typeof matched === 'object') headers['X-Accepted-OAuth-Scopes'] = matched.route.accepted;

  if (limits) {
    const kind = typeof matched === 'object' ? matched.route.limit : 'general';
    const result = limits.consume(kind, caller ? `token ${caller.token}` : `ip ${ip}`, world.now());
    Object.assign(headers, result.headers);
    if (!result.allowed) return { ...errorResponse(429, [{ reason: 'Too many requests' }]), headers };
  }
  const response = handle(world, matched, request);
  return { ...response, headers: { ...headers, ...response.headers } };
}

function handle(world: World, matched: Matched | 'method' | undefined, request: SandboxRequest): ApiResponse {
  try {
    if (matched === undefined) return fail(404, 'Not found');
    if (matched === 'method') return fail(405, 'Method Not Allowed');
    const { route, params } = matched;
    const caller = checkAccess(route, params, request.token, world.callers.get(request.token ?? ''));
    return route.handle({ world, caller, request, query: new URLSearchParams(request.query), params });
  } catch (error) {
    if (error instanceof ApiError) return errorResponse(error.status, error.errors);
    throw error;
  }
}
