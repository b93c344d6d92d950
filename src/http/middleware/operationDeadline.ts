import type { Response } from 'express';
import type { Clock } from '../../clock.js';
import type { CallTerms } from '../../linode/client/client.js';
import { Deadline } from '../../linode/client/deadline.js';
import { OperationAborted } from '../../linode/errors.js';

/** The terms of one operation: it ends at its deadline, and its reads end when the client leaves. */
export function operationTerms(res: Response, clock: Clock, timeoutMs: number): CallTerms {
  const deadline = new Deadline(clock, timeoutMs, '/');
  res.once('close', () => {
    deadline.lift();
    if (!res.writableFinished) deadline.abort(new OperationAborted('The client left'));
  });
  return deadline.terms;
}
