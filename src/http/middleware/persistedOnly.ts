import type { Request, RequestHandler } from 'express';
import type { PersistedOperations } from '../../graphql/documents/persistedOperations.js';
import { sendRefusal, type Refusal } from '../errors.js';

export const NOT_PERSISTED: Refusal = {
  status: 400,
  code: 'PERSISTED_OPERATION_REQUIRED',
  message: 'The operation is not in the persisted-operations manifest',
};

/** Refuses documents that are not in the manifest before they are parsed. Apollo looks up hashes sent alone. */
export const persistedOnly =
  (operations: PersistedOperations): RequestHandler =>
  (req, res, next) => {
    if (documentsOf(req).every((document) => operations.allows(document))) {
      next();
      return;
    }
    sendRefusal(res, NOT_PERSISTED);
  };

/** All values sent as `query`, in the body and in the URL. */
function documentsOf(req: Request): string[] {
  const body = req.body as { query?: unknown } | null | undefined;
  const sent = [req.query['query'], body?.query].flat();
  return sent.filter((document) => document !== undefined && document !== null).map(String);
}
