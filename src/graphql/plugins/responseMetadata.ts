import type { Reading } from '../../catalog/reading.js';
import { isSession } from '../../linode/caller.js';
import type { UpstreamCall } from '../../linode/client/client.js';
import type { GraphQLContext } from '../context.js';
import type { Hooks, RequestAt } from './hooks.js';

export interface ResponseMetadataOptions {
  /** Linode's base URL, for the `explain` extension. */
  linodeUrl: string;
  /** How long shared caches may serve an anonymous response that has expired, while the gateway fails. */
  staleIfErrorMs: number;
}

/** Adds headers and extensions for freshness, cacheability and upstream calls to a response. */
export const responseMetadataHooks = ({ linodeUrl, staleIfErrorMs }: ResponseMetadataOptions): Hooks => ({
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
    const { headers } = response.http;
    headers.set('server-timing', serverTiming(reading));
    if (reading.results.size > 0) headers.set('age', String(Math.floor(reading.ageMs / 1000)));
    // The next user of the same browser sends the same request with another cookie.
    const isPersonal = isSession(contextValue.caller);
    const isStored = isCacheable(request) && !isPersonal && !result.errors?.length && !contextValue.explains;
    const isGet = request.request.http?.method === 'GET';
    headers.set(
      'cache-control',
      isStored && reading.results.size > 0 ? policyOf(contextValue, isGet, staleIfErrorMs) : 'no-store',
    );
  },
});

const isCacheable = (request: RequestAt<'willSendResponse'>): boolean =>
  request.operation?.operation === 'query';

/** Shared caches serve anonymous responses to a GET while they revalidate them, and while the gateway fails. */
function policyOf({ reading, caller }: GraphQLContext, isGet: boolean, staleIfErrorMs: number): string {
  const freshForMs = Number.isFinite(reading.freshForMs) ? reading.freshForMs : 0;
  // Caches subtract `Age` from `max-age`, which is the whole lifetime of a response.
  const lifetime = freshForMs > 0 ? Math.floor((reading.ageMs + freshForMs) / 1000) : 0;
  const policy = `${caller.token === null ? 'public' : 'private'}, max-age=${lifetime}`;
  if (caller.token !== null || !isGet || lifetime === 0) return policy;
  const ifError = Math.floor(staleIfErrorMs / 1000);
  return `${policy}, stale-while-revalidate=${lifetime}, stale-if-error=${ifError}`;
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
