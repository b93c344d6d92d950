/** The log record of one HTTP request: no query string, and no header but its ID. */
export interface RequestRecord {
  /** Null for a request that got none. */
  requestId: string | null;
  method: string;
  route: Route;
  /** Null when the client left before a response began. */
  status: number | null;
  durationMs: number;
  /** Whether it became a GraphQL operation, which then has a record of its own. */
  isOperation: boolean;
}

/** The paths that metrics and logs distinguish; any other is `other`. */
export type Route = 'graphql' | 'health' | 'metrics' | 'page' | 'auth' | 'other';

/** The record of bytes that are no HTTP request. The parser's reason is left out, since it may quote them. */
export const malformedRequest = (status: number | null): RequestRecord => ({
  requestId: null,
  method: '',
  route: 'other',
  status,
  durationMs: 0,
  isOperation: false,
});

/** @param url the request target: a path, or a whole URL, which clients send to a proxy */
export function routeOf(url: string): Route {
  const path = pathOf(url);
  if (path === '/graphql' || path.startsWith('/graphql/')) return 'graphql';
  if (path.startsWith('/health/')) return 'health';
  if (path === '/metrics') return 'metrics';
  if (path === '/' || path.startsWith('/graphiql/')) return 'page';
  if (path.startsWith('/auth/')) return 'auth';
  return 'other';
}

/** In lower case, since Express tells no cases apart. */
function pathOf(url: string): string {
  if (url === '/graphql') return url;
  const target = url.startsWith('/') ? url : url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '');
  return target.replace(/[?#].*$/s, '').toLowerCase();
}
