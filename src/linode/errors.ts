/** One reason of Linode's error envelope; `field` is missing when it concerns the whole request. */
export interface LinodeReason {
  reason: string;
  field?: string;
}

export interface LinodeErrorFacts {
  method: string;
  /** Percent-encoded, without the version prefix and the query. */
  path: string;
  /** The HTTP status, if a response arrived. */
  status?: number;
  reasons?: LinodeReason[];
  cause?: unknown;
  /** Whether Linode may have seen the request. */
  sent?: boolean;
}

/** A call to Linode failed. */
export abstract class LinodeError extends Error {
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly reasons: LinodeReason[];
  readonly sent: boolean;

  constructor(message: string, facts: LinodeErrorFacts) {
    super(message, { cause: facts.cause });
    this.name = new.target.name;
    this.method = facts.method;
    this.path = facts.path;
    this.status = facts.status;
    this.reasons = facts.reasons ?? [];
    this.sent = facts.sent ?? true;
  }

  /** Whether a write may have happened although no usable response arrived. */
  get outcomeUnknown(): boolean {
    return false;
  }

  protected get isWrite(): boolean {
    return this.method !== 'GET';
  }
}

/** Linode refused the request: 400, 404 and other 4xx with its error envelope and without a class of their own. */
export class LinodeRefused extends LinodeError {}

/** 401 `Invalid Token`, or the caller has no token where one is needed. */
export class LinodeUnauthenticated extends LinodeError {}

/** The token is valid but may not do this: 403, or 401 for a missing scope. */
export class LinodeForbidden extends LinodeError {
  readonly requiredScopes: string[];
  readonly grantedScopes: string[];

  constructor(
    message: string,
    facts: LinodeErrorFacts & { requiredScopes: string[]; grantedScopes: string[] },
  ) {
    super(message, facts);
    this.requiredScopes = facts.requiredScopes;
    this.grantedScopes = facts.grantedScopes;
  }
}

/** 429, or the rate budget is exhausted (then nothing was sent). */
export class LinodeRateLimited extends LinodeError {
  readonly retryAfterMs: number;

  constructor(message: string, facts: LinodeErrorFacts & { retryAfterMs: number }) {
    super(message, facts);
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** No response in time, or 408. */
export class LinodeTimeout extends LinodeError {
  override get outcomeUnknown(): boolean {
    return this.isWrite && this.sent;
  }
}

/** The connection was refused or reset, 5xx, or a 4xx without Linode's error envelope. */
export class LinodeUnavailable extends LinodeError {
  /** False in announced maintenance, and if the gateway refused the call itself. */
  readonly isWorthRetry: boolean;

  constructor(message: string, facts: LinodeErrorFacts & { isWorthRetry?: boolean }) {
    super(message, facts);
    this.isWorthRetry = facts.isWorthRetry ?? true;
  }

  override get outcomeUnknown(): boolean {
    return this.isWrite && this.sent;
  }
}

/** A response that the API does not document: HTML, truncated, oversized, with an invalid field, or a redirect. */
export class LinodeInvalidResponse extends LinodeError {
  /** Whether the connection ended first, which is the network's failure and not the API's. */
  readonly brokeOff: boolean;

  constructor(message: string, facts: LinodeErrorFacts & { brokeOff?: boolean }) {
    super(message, facts);
    this.brokeOff = facts.brokeOff ?? false;
  }

  override get outcomeUnknown(): boolean {
    return this.isWrite;
  }
}

/** The client disconnected: no one reads this. */
export class OperationAborted extends Error {
  override name = 'OperationAborted';
}

/** Whether a stale response is better than this error: Linode failed, it did not refuse. */
export const isOutage = (error: unknown): error is LinodeError =>
  error instanceof LinodeRateLimited ||
  error instanceof LinodeTimeout ||
  error instanceof LinodeUnavailable ||
  (error instanceof LinodeInvalidResponse && error.brokeOff);
