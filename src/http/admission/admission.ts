import { overloaded, type Refusal } from '../errors.js';
import type { Handler, TrackedRequest } from '../server/trackedRequest.js';
import { checkHost } from './hostHeader.js';
import type { Overload } from './overload.js';
import type { RateLimit } from './rateLimit.js';
import { requestIdFrom } from './requestId.js';

export interface AdmissionOptions {
  overload: Overload;
  /** Absent: any number of requests is admitted. */
  rateLimit?: RateLimit | undefined;
  /** Runs what follows within the span of the request; absent: there are no traces. */
  trace?: ((request: TrackedRequest, next: () => void) => void) | undefined;
}

/**
 * What every request passes before the response cache and the application: it gets its ID and its span, then its Host,
 * the rate limit and overload are checked.
 * @param admit continues with a request that is admitted
 * @param refuse continues with one that is not: it carries its refusal
 */
export function createAdmission(options: AdmissionOptions, admit: Handler, refuse: Handler): Handler {
  const { overload, rateLimit, trace } = options;

  const finish = (request: TrackedRequest, refusal: Refusal | Error | undefined): void => {
    request.refusal = refusal;
    if (refusal) refuse(request);
    else admit(request);
  };
  const checkOverload = (request: TrackedRequest): void => {
    finish(request, overload.isLate ? overloaded('Server overloaded; retry later') : undefined);
  };
  const finishCounted = (request: TrackedRequest, refusal: Refusal | undefined): void => {
    if (refusal) finish(request, refusal);
    else checkOverload(request);
  };
  const checkRateLimit = (request: TrackedRequest, rateLimit: RateLimit): void => {
    const refusal = rateLimit(request.req);
    if (!(refusal instanceof Promise)) {
      finishCounted(request, refusal);
      return;
    }
    refusal.then(
      (refused) => {
        if (!request.isClosed) finishCounted(request, refused);
      },
      (error: unknown) => {
        finish(request, error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
  const check = (request: TrackedRequest): void => {
    const refusal = checkHost(request.req);
    if (refusal ?? request.route !== 'graphql') finish(request, refusal);
    else if (rateLimit && request.req.method !== 'OPTIONS') checkRateLimit(request, rateLimit);
    else checkOverload(request);
  };
  return (request) => {
    request.requestId = requestIdFrom(request.req.headers['x-request-id']);
    if (!trace) check(request);
    else
      trace(request, () => {
        check(request);
      });
  };
}
