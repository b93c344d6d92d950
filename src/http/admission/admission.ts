import type { IncomingMessage } from 'node:http';
import { overloaded, type Refusal } from '../errors.js';
import type { Handler, TrackedRequest } from '../server/trackedRequest.js';
import { checkHost } from './hostHeader.js';
import type { Overload } from './overload.js';
import { requestIdFrom } from './requestId.js';

export interface AdmissionOptions {
  overload: Overload;
  /** Absent: any number of requests is admitted. */
  rateLimit?: ((req: IncomingMessage) => Promise<Refusal | undefined>) | undefined;
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
  const check = (request: TrackedRequest): void => {
    const refusal = checkHost(request.req);
    if (refusal ?? request.route !== 'graphql') {
      finish(request, refusal);
    } else if (!rateLimit || request.req.method === 'OPTIONS') {
      checkOverload(request);
    } else {
      rateLimit(request.req).then(
        (refused) => {
          if (request.isClosed) return;
          if (refused) finish(request, refused);
          else checkOverload(request);
        },
        (error: unknown) => {
          finish(request, error instanceof Error ? error : new Error(String(error)));
        },
      );
    }
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
