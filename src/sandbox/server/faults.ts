import type { SandboxRequest } from '../requestLog.js';

type Gate = Promise<unknown> | (() => Promise<unknown>);

/** A request that matches all of `method`, `path` and `token` goes wrong as described. */
export interface Fault {
  method?: string;
  /** Matched against `SandboxRequest.path`; a string is the whole path. */
  path?: string | RegExp;
  token?: string;
  /** How many requests it meets; unlimited if absent. */
  times?: number;
  /** Answers this status without processing. Without `body`: the API's own words for that status. */
  status?: number;
  /** Objects travel as JSON, strings as text/html; alone it means status 200. */
  body?: unknown;
  /** Added to whatever is answered. */
  headers?: Record<string, string>;
  /** Waits, then goes on (with another fault of this object, or normally). */
  latencyMs?: number;
  /** Breaks the connection: before processing, after it but without an answer, or after half of the body. */
  reset?: 'before' | 'after' | 'mid-body';
  /** Never answers: `true` before processing, `'after'` once processed. */
  hang?: boolean | 'after';
  /** Content-Length of the whole, half of the body, then an orderly close. */
  truncate?: boolean;
  /** A complete, correctly framed answer whose JSON is cut in half. */
  cutJson?: boolean;
  /** 200 with an HTML page. */
  html?: boolean;
  /** 200 (or `status`) without a body. */
  empty?: boolean;
  /** 200 as JSON, with that many bytes. */
  hugeBytes?: number;
  /** Waited for before processing. */
  before?: Gate;
  /** Processed at once; the answer waits for it. */
  after?: Gate;
  /** With `status`, `body`, `html`, `empty` or `hugeBytes`: the request is processed all the same. */
  processed?: boolean;
}

interface Armed {
  fault: Fault;
  left: number;
}

export class Faults {
  #armed: Armed[] = [];

  /** The latest added is tried first. Returns a function that takes it away. */
  add(fault: Fault): () => void {
    const armed = { fault, left: fault.times ?? Infinity };
    this.#armed.unshift(armed);
    return () => {
      this.#armed = this.#armed.filter((each) => each !== armed);
    };
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that meets this request, counted down. */
  take(request: SandboxRequest): Fault | undefined {
    if (this.#armed.length === 0) return undefined;
    const armed = this.#armed.find(({ fault, left }) => left > 0 && matches(fault, request));
    if (!armed) return undefined;
    armed.left -= 1;
    return armed.fault;
  }
}

export async function pass(gate: Gate | undefined): Promise<void> {
  if (gate === undefined) return;
  try {
    await (typeof gate === 'function' ? gate() : gate);
  } catch {
    // A gate that fails is an open gate: the test that built it reports its own failure.
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
