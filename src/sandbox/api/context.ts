import type { SandboxRequest } from '../requestLog.js';
import type { Caller, World } from '../world/world.js';

/** What a handler works with. */
export interface Context {
  world: World;
  /** null: no token. */
  caller: Caller | null;
  request: SandboxRequest;
  query: URLSearchParams;
  /** What the path's pattern caught, decoded. */
  params: string[];
}

/** For endpoints that are closed to anonymous callers, where the check has been made. */
export function callerOf(context: Context): Caller {
  if (!context.caller) throw new Error('This endpoint was reached without a token');
  return context.caller;
}

export function xFilterOf(context: Context): string | undefined {
  const header = context.request.headers['x-filter'];
  return Array.isArray(header) ? header[0] : header;
}
