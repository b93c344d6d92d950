import {
  LinodeError,
  LinodeForbidden,
  LinodeInvalidResponse,
  LinodeRateLimited,
  LinodeRefused,
  LinodeTimeout,
  LinodeUnauthenticated,
  LinodeUnavailable,
  OperationAborted,
  type LinodeReason,
} from '../linode/errors.js';

/** An error as data: structured cloning would keep its message, but not its class. */
export interface WireError {
  name: string;
  message: string;
  facts?: WireFacts;
}

interface WireFacts {
  method: string;
  path: string;
  status: number | undefined;
  reasons: LinodeReason[];
  sent: boolean;
  requiredScopes: string[];
  grantedScopes: string[];
  retryAfterMs: number;
  isWorthRetry: boolean;
}

type LinodeErrorClass = new (message: string, facts: Omit<WireFacts, 'status'>) => LinodeError;

const CLASSES = new Map<string, LinodeErrorClass>(
  [
    LinodeRefused,
    LinodeUnauthenticated,
    LinodeForbidden,
    LinodeRateLimited,
    LinodeTimeout,
    LinodeUnavailable,
    LinodeInvalidResponse,
  ].map((one) => [one.name, one as LinodeErrorClass]),
);

/** All that readers of an error look at. A stack stays where it is, but for a bug's, which is logged elsewhere. */
export function encodeError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  if (!(error instanceof LinodeError)) return { name, message };
  const { method, path, status, reasons, sent } = error;
  const isForbidden = error instanceof LinodeForbidden;
  const facts: WireFacts = {
    method,
    path,
    status,
    reasons,
    sent,
    requiredScopes: isForbidden ? error.requiredScopes : [],
    grantedScopes: isForbidden ? error.grantedScopes : [],
    retryAfterMs: error instanceof LinodeRateLimited ? error.retryAfterMs : 0,
    isWorthRetry: error instanceof LinodeUnavailable && error.isWorthRetry,
  };
  return { name, message, facts };
}

/** An error of the same class that tells the same; a plain one where the class is not of ours. */
export function decodeError({ name, message, facts }: WireError): Error {
  const linodeError = CLASSES.get(name);
  if (linodeError && facts) {
    const { status, ...others } = facts;
    return new linodeError(message, { ...others, ...(status !== undefined && { status }) });
  }
  if (name === 'OperationAborted') return new OperationAborted(message);
  return new Error(message);
}
