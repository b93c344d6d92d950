import type { Clock } from '../../clock.js';
import type { CallTerms } from '../../linode/client/client.js';
import { Deadline } from '../../linode/client/deadline.js';
import { OperationAborted } from '../../linode/errors.js';
import type { TrackedRequest } from '../server/trackedRequest.js';

/** The terms of one operation: it times out at its deadline, and its reads are aborted when the client disconnects. */
export function operationTerms(request: TrackedRequest, clock: Clock, timeoutMs: number): CallTerms {
  const deadline = new Deadline(clock, timeoutMs, '/');
  request.whenClosed(() => {
    deadline.lift();
    if (!request.res.writableFinished) deadline.abort(new OperationAborted('The client disconnected'));
  });
  return deadline.terms;
}
