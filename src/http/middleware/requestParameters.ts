import { isUtf8 } from 'node:buffer';
import type { RequestHandler } from 'express';
import { sendError } from '../errors.js';

/** Parameters of a GET that are empty or null, with what comes before them. */
const ABSENT = /([?&])(?:operationName=?|(?:variables|extensions)(?:=(?:null)?)?)(?=&|$)/g;

/**
 * Treats an empty `operationName`, and empty `variables` and `extensions` of a GET, as absent. A URL whose text is not
 * UTF-8 is refused with 400.
 */
export const requestParameters: RequestHandler = (req, res, next) => {
  if (req.method === 'GET') {
    if (!isUtf8Url(req.url)) {
      sendError(res, 400, 'BAD_REQUEST', 'The URL is not valid UTF-8');
      return;
    }
    req.url = req.url.replace(ABSENT, '$1');
  }
  const body = req.body as { operationName?: unknown } | undefined;
  if (body?.operationName === '') delete body.operationName;
  next();
};

/** Node refuses URLs with other bytes than those of ASCII. */
function isUtf8Url(url: string): boolean {
  const runs = url.match(/(?:%[0-9a-f]{2})+/gi) ?? [];
  return runs.every((run) => isUtf8(Buffer.from(run.replaceAll('%', ''), 'hex')));
}
