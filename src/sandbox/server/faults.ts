import type { SandboxRequest } from '../requestLog.js';

type Gate = Promise<unknown> | (() => Promise<unknown>);

/** Applies to requests that match all of `method`, `path` and `token`. */
export interface Fault {
  method?: string;
  /** Matched against `SandboxRequest.path`; a string is the whole path. */
  path?: string | RegExp;
  /** null: requests without a token. */
  token?: string | null;
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
  /** Resets the connection: after half of the request's body, before processing, after it without a response, or after half of the body. */
  reset?: 'mid-upload' | 'before' | 'after' | 'mid-body';
  /** Never responds: `'mid-upload'` stops reading after half of the request's body, `true` before processing, `'after'` after it, `'mid-body'` after half of the body. */
  hang?: boolean | 'mid-upload' | 'after' | 'mid-body';
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
  /** Compresses the body, whether the request accepts it or not. */
  gzip?: boolean;
  /** Overwrites fields of the rows with these IDs (`*`: of all rows) in the real response: `{ 'private/7': { size: null } }`. */
  rows?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
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

/** A fault that was added. */
export interface ActiveFault {
  id: number;
  fault: Fault;
  /** How many requests it will still apply to. */
  left: number;
}

export class Faults {
  #active: ActiveFault[] = [];
  #nextId = 1;

  /** The latest fault is tried first. */
  add(fault: Fault): ActiveFault {
    const active = { id: this.#nextId++, fault, left: fault.times ?? Infinity };
    this.#active.unshift(active);
    return active;
  }

  /** Returns false if there is no such fault. */
  remove(id: number): boolean {
    const others = this.#active.filter((each) => each.id !== id);
    const isFound = others.length < this.#active.length;
    this.#active = others;
    return isFound;
  }

  clear(): void {
    this.#active = [];
  }

  /** The faults that are not used up, latest first. */
  list(): readonly ActiveFault[] {
    return this.#active;
  }

  /** The first fault that matches the request; uses up one of its `times`. */
  match(request: SandboxRequest): Fault | undefined {
    if (this.#active.length === 0) return undefined;
    const active = this.#active.find(({ fault }) => matches(fault, request));
    if (!active) return undefined;
    active.left -= 1;
    if (active.left <= 0) this.remove(active.id);
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
