import type { WireResponse } from '../linode/client/wire.js';

/** Statuses whose responses have no body. */
const EMPTY = [204, 205, 304];

/**
 * A response of Linode's login server as the OAuth library accepts it: any 2xx is a success, `refresh_token: null`
 * means that there is none, and `scopes` is another name of `scope`.
 */
export function withoutQuirks({ status, headers, body }: WireResponse): Response {
  const isSuccess = status >= 200 && status < 300;
  const init = {
    status: isSuccess ? 200 : status,
    headers: { 'content-type': headers['content-type'] ?? 'text/plain' },
  };
  if (EMPTY.includes(status) && !isSuccess) return new Response(null, init);
  return new Response(isSuccess ? normalized(body) : body, init);
}

function normalized(body: string): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return body;
  }
  if (typeof json !== 'object' || json === null) return body;
  const { refresh_token, scope, scopes, ...others } = json as Record<string, unknown>;
  return JSON.stringify({
    ...others,
    ...(refresh_token !== null && { refresh_token }),
    scope: scope ?? scopes,
  });
}
