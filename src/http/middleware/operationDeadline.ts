import type { Clock } from '../../clock.js';
import type { CallTerms } from '../../linode/client/client.js';
import { Deadline } from '../../linode/client/deadline.js';
import { OperationAborted } from '../../linode/errors.js';
import type { TrackedRequest } from '../server/trackedRequest.js';

/** The terms of one operation: it ends at its deadline, and its reads end when the client leaves. */
export function operationTerms(request: TrackedRequest, clock: Clock, timeoutMs: number): CallTerms {
  const deadline = new Deadline(clock, timeoutMs, '/');
  request.whenClosed(() => {
    deadline.lift();
    if (!request.res.writableFinished) deadline.abort(new OperationAborted('The client left'));
  });
  return deadline.terms;
}
