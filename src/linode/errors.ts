/** One reason of Linode's error envelope; `field` is missing when it concerns the whole request. */
export interface LinodeReason {
  reason: string;
  field?: string;
}

export interface LinodeErrorFacts {
  method: string;
  /** As it travelled, without the version prefix. */
  path: string;
  /** The HTTP status, where an answer came. */
  status?: number;
  reasons?: LinodeReason[];
  cause?: unknown;
  /** Whether Linode may have seen the request. */
  sent?: boolean;
}

/** Whatever went wrong on the way to Linode and back. */
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

  /** Whether a write may have happened although no usable answer came. */
  get outcomeUnknown(): boolean {
    return false;
  }

  protected get isWrite(): boolean {
    return this.method !== 'GET';
  }
}

/** Linode understood the request and said no: 400, 404 and other 4xx without a class of their own. */
export class LinodeRefused extends LinodeError {}

/** 401 `Invalid Token`, or a token was needed and none was given. */
export class LinodeUnauthenticated extends LinodeError {}

/** The token is good but may not do this: 403, or 401 for a missing scope. */
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

/** 429, or our own budget is spent (then nothing was sent). */
export class LinodeRateLimited extends LinodeError {
  readonly retryAfterMs: number;

  constructor(message: string, facts: LinodeErrorFacts & { retryAfterMs: number }) {
    super(message, facts);
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** No answer in time, or 408. */
export class LinodeTimeout extends LinodeError {
  override get outcomeUnknown(): boolean {
    return this.isWrite && this.sent;
  }
}

/** Refused, reset, or 5xx. */
export class LinodeUnavailable extends LinodeError {
  /** False in announced maintenance, and where we hold back ourselves. */
  readonly isWorthRetry: boolean;

  constructor(message: string, facts: LinodeErrorFacts & { isWorthRetry?: boolean }) {
    super(message, facts);
    this.isWorthRetry = facts.isWorthRetry ?? true;
  }

  override get outcomeUnknown(): boolean {
    return this.isWrite && this.sent;
  }
}

/** An answer that is not what the API promises: HTML, truncated, oversized, misshapen, or a redirect. */
export class LinodeInvalidResponse extends LinodeError {
  /** Whether its connection ended before it did: that tells of the network, and nothing of the API. */
  readonly brokeOff: boolean;

  constructor(message: string, facts: LinodeErrorFacts & { brokeOff?: boolean }) {
    super(message, facts);
    this.brokeOff = facts.brokeOff ?? false;
  }

  override get outcomeUnknown(): boolean {
    return this.isWrite;
  }
}

/** The client that asked is gone; nobody reads this. */
export class OperationAborted extends Error {
  override name = 'OperationAborted';
}

/** Whether an older answer is better than this error: the API faltered, it did not say no. */
export const isOutage = (error: unknown): error is LinodeError =>
  error instanceof LinodeRateLimited ||
  error instanceof LinodeTimeout ||
  error instanceof LinodeUnavailable ||
  (error instanceof LinodeInvalidResponse && error.brokeOff);
