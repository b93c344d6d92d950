import type { SandboxRequest } from '../requestLog.js';

type Gate = Promise<unknown> | (() => Promise<unknown>);

/** Applies to requests that match all of `method`, `path` and `token`. */
export interface Fault {
  method?: string;
  /** Matched against `SandboxRequest.path`; a string is the whole path. */
  path?: string | RegExp;
  token?: string;
  /** How many requests it applies to; absent: unlimited. */
  times?: number;
  /** Responds with this status without processing. Without `body`: the API's own error body for it. */
  status?: number;
  /** Objects are sent as JSON, strings as text/html. Without `status`: 200. */
  body?: unknown;
  /** Added to the response; overrides the real headers. */
  headers?: Record<string, string>;
  /** Delay before anything else, in milliseconds. */
  latencyMs?: number;
  /** Resets the connection: before processing, after it without a response, or after half of the body. */
  reset?: 'before' | 'after' | 'mid-body';
  /** Never responds: `true` before processing, `'after'` after it. */
  hang?: boolean | 'after';
  /** Content-Length of the whole body, half of the body, then a clean close. */
  truncate?: boolean;
  /** A correctly framed response whose JSON is cut in half. */
  cutJson?: boolean;
  /** An HTML page with 200 or `status`. */
  html?: boolean;
  /** No body, with 200 or `status`. */
  empty?: boolean;
  /** 200, application/json, with this many bytes. */
  hugeBytes?: number;
  /** Awaited before processing. */
  before?: Gate;
  /** Awaited after processing, before the response. */
  after?: Gate;
  /** With `status`, `body`, `html`, `empty` or `hugeBytes`: process the request anyway. */
  processed?: boolean;
  /**
   * Processes the request, but the work it starts fails or never ends: a capture, an upload (faults of
   * `POST /images/upload` or of `PUT /uploads/…`) or a replication.
   */
  outcome?: 'failed' | 'stuck';
  /** With `outcome`: the message of the failed event. */
  message?: string;
}

interface ActiveFault {
  fault: Fault;
  left: number;
}

export class Faults {
  #active: ActiveFault[] = [];

  /** The latest fault is tried first. Returns a function that removes it. */
  add(fault: Fault): () => void {
    const active = { fault, left: fault.times ?? Infinity };
    this.#active.unshift(active);
    return () => {
      this.#active = this.#active.filter((each) => each !== active);
    };
  }

  clear(): void {
    this.#active = [];
  }

  /** The first fault that matches the request; uses up one of its `times`. */
  match(request: SandboxRequest): Fault | undefined {
    if (this.#active.length === 0) return undefined;
    const active = this.#active.find(({ fault, left }) => left > 0 && matches(fault, request));
    if (!active) return undefined;
    active.left -= 1;
    return active.fault;
  }
}

/** Waits until the gate's promise settles. */
export async function waitForGate(gate: Gate | undefined): Promise<void> {
  if (gate === undefined) return;
  try {
    await (typeof gate === 'function' ? gate() : gate);
  } catch {
    // The test that created the promise reports its rejection.
  }
}

function matches(fault: Fault, request: SandboxRequest): boolean {
  if (fault.method !== undefined && fault.method !== request.method) return false;
  if (fault.token !== undefined && fault.token !== request.token) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string'
    ? fault.path === request.path
    : request.path.search(fault.path) !== -1;
}
