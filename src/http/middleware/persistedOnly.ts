import type { Request, RequestHandler } from 'express';
import type { PersistedOperations } from '../../graphql/documents/persistedOperations.js';
import { sendError } from '../errors.js';

/** Refuses every document that is not in the manifest, unparsed. Hashes alone are Apollo's to look up. */
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
      'Only the operations of the manifest are answered here',
    );
  };

/** Whatever is sent as `query`, once or several times, in the body or in the URL. */
function documentsOf(req: Request): string[] {
  const body = req.body as { query?: unknown } | null | undefined;
  const sent = [req.query['query'], body?.query].flat();
  return sent.filter((document) => document !== undefined && document !== null).map(String);
}
