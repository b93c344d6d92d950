import type { SandboxRequest } from '../requestLog.js';
import type { Caller, WorkFault, World } from '../world/world.js';

/** One request as its handler sees it. */
export interface Context {
  world: World;
  /** null: no token. */
  caller: Caller | null;
  request: SandboxRequest;
  query: URLSearchParams;
  /** Path parameters, decoded. */
  params: string[];
  /** Set by a fault: how the work that this request starts ends. */
  workFault?: WorkFault;
}

/** The caller of an endpoint that requires a token; access was checked before. */
export function callerOf(context: Context): Caller {
  if (!context.caller) throw new Error('This endpoint was reached without a token');
  return context.caller;
}

export function xFilterOf(context: Context): string | undefined {
  const header = context.request.headers['x-filter'];
  return Array.isArray(header) ? header[0] : header;
}
