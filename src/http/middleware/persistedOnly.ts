import type { Request, RequestHandler } from 'express';
import type { PersistedOperations } from '../../graphql/documents/persistedOperations.js';
import { sendError } from '../errors.js';

/** Refuses documents that are not in the manifest before they are parsed. Apollo looks up hashes sent alone. */
export const persistedOnly =
  (operations: PersistedOperations): RequestHandler =>
  (req, res, next) => {
    if (documentsOf(req).every((document) => operations.allows(document))) {
      next();
      return;
    }
    sendError(
      res,
      400,
      'PERSISTED_OPERATION_REQUIRED',
      'The operation is not in the persisted-operations manifest',
    );
  };

/** All values sent as `query`, in the body and in the URL. */
function documentsOf(req: Request): string[] {
  const body = req.body as { query?: unknown } | null | undefined;
  const sent = [req.query['query'], body?.query].flat();
  return sent.filter((document) => document !== undefined && document !== null).map(String);
}
