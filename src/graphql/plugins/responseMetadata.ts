import type { HeaderMap } from '@apollo/server';
import type { Reading } from '../../catalog/reading.js';
import type { UpstreamCall } from '../../linode/client/client.js';
import type { GraphQLContext } from '../context.js';
import type { Hooks, RequestAt } from './hooks.js';

/** Adds headers and extensions for freshness, cacheability and upstream calls to a response. */
export const responseMetadataHooks = (linodeUrl: string): Hooks => ({
  willSendResponse(request) {
    const { response, contextValue } = request;
    const { reading, requestId } = contextValue;
    if (response.body.kind !== 'single') return;
    const result = response.body.singleResult;
    for (const error of result.errors ?? []) {
      (error as { extensions: object }).extensions = { ...error.extensions, requestId };
    }
    const extensions = {
      ...result.extensions,
      ...(reading.staleAgeMs !== undefined && {
        stale: { ageSeconds: Math.floor(reading.staleAgeMs / 1000) },
      }),
      ...(contextValue.explains && { explain: explain(reading, linodeUrl) }),
    };
    if (Object.keys(extensions).length > 0) result.extensions = extensions;
    setHeaders(
      response.http.headers,
      contextValue,
      isCacheable(request) && !result.errors?.length && !contextValue.explains,
    );
  },
});

const isCacheable = (request: RequestAt<'willSendResponse'>): boolean =>
  request.operation?.operation === 'query';

function setHeaders(headers: HeaderMap, { reading, caller }: GraphQLContext, isCacheable: boolean): void {
  const freshForMs = Number.isFinite(reading.freshForMs) ? reading.freshForMs : 0;
  // Caches subtract `Age` from `max-age`, which is the whole lifetime of a response.
  const lifetimeMs = freshForMs > 0 ? reading.ageMs + freshForMs : 0;
  const scope = caller.token === null ? 'public' : 'private';
  headers.set(
    'cache-control',
    isCacheable && reading.results.size > 0
      ? `${scope}, max-age=${Math.floor(lifetimeMs / 1000)}`
      : 'no-store',
  );
  if (reading.results.size > 0) headers.set('age', String(Math.floor(reading.ageMs / 1000)));
  headers.set('server-timing', serverTiming(reading));
}

function serverTiming({ calls, results }: Reading): string {
  const longestMs = Math.max(0, ...calls.map(({ durationMs }) => durationMs));
  const upstream = `upstream;dur=${longestMs.toFixed(1)};desc="${calls.length} calls"`;
  return results.size > 0 ? `${upstream}, cache;desc="${[...results].join(' ')}"` : upstream;
}

const explain = (reading: Reading, linodeUrl: string): object => ({
  cache: [...reading.results],
  ageSeconds: Math.floor(reading.ageMs / 1000),
  upstreamCalls: reading.calls.map((call) => ({
    method: call.method,
    path: call.path,
    xFilter: call.xFilter,
    status: call.status,
    ms: Math.round(call.durationMs * 10) / 10,
    kind: call.kind,
    budgetLeft: call.budgetLeft,
    curl: curlOf(call, linodeUrl),
  })),
});

/** The same call as a shell command, with the token of the user who runs it. */
function curlOf({ method, path, xFilter }: UpstreamCall, linodeUrl: string): string {
  const words = ['curl', ...(method === 'GET' ? [] : ['-X', method])];
  words.push(`-H 'Authorization: Bearer '"$LINODE_TOKEN"`);
  if (xFilter !== null) words.push(`-H 'X-Filter: ${xFilter.replaceAll("'", `'\\''`)}'`);
  words.push(`'${linodeUrl}${path}'`);
  return words.join(' ');
}
