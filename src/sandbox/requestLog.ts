import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface SandboxRequest {
  method: string;
  /** As sent, without `/v4` and the query: `/images/private%2F7`. */
  path: string;
  /** Without the question mark; empty if absent. */
  query: string;
  headers: IncomingHttpHeaders;
  /** Text; empty for the bytes of an upload. */
  body: string;
  token: string | null;
  /** Absent until the response is sent. */
  status?: number;
  /** Method, path and, if any, query: `GET /images?page_size=500`. */
  line: string;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  at: number;
}

const VERSION = /^\/v4(?:beta)?(?=\/|$)/;

export function describeRequest(message: IncomingMessage, nowMs: number): SandboxRequest {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const path = (mark === -1 ? url : url.slice(0, mark)).replace(VERSION, '');
  const query = mark === -1 ? '' : url.slice(mark + 1);
  const method = message.method ?? 'GET';
  return {
    method,
    path,
    query,
    headers: message.headers,
    body: '',
    token: tokenOf(message.headers.authorization),
    line: query === '' ? `${method} ${path}` : `${method} ${path}?${query}`,
    at: nowMs,
  };
}

export function countLines(requests: readonly SandboxRequest[], line: string | RegExp): number {
  const matches =
    typeof line === 'string' ? (each: string) => each === line : (each: string) => each.search(line) !== -1;
  let count = 0;
  for (const request of requests) if (matches(request.line)) count += 1;
  return count;
}

/** null without the header; an empty (unknown) token for other schemes. */
function tokenOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  return /^Bearer +(.*)$/i.exec(authorization)?.[1] ?? '';
}
