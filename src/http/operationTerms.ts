import type { Response } from 'express';
import { Cancellation } from '../cancellation.js';
import type { Clock } from '../clock.js';
import type { CallTerms } from '../linode/client.js';
import { LinodeTimeout, OperationAborted } from '../linode/errors.js';

/** The terms of one operation: it ends at its deadline, and its reads end when the client leaves. */
export function operationTerms(res: Response, clock: Clock, timeoutMs: number): CallTerms {
  const cancellation = new Cancellation();
  const deadlineAt = clock.now() + timeoutMs;
  const cancel = clock.after(timeoutMs, () => {
    const facts = { method: 'GET', path: '/', sent: true };
    cancellation.abort(new LinodeTimeout('Linode did not answer in time', facts));
  });
  res.once('close', () => {
    cancel();
    if (!res.writableFinished) cancellation.abort(new OperationAborted('The client left'));
  });
  return { deadlineAt, signal: cancellation.signal };
}
