import type { Handler } from './trackedRequest.js';

/** Far more than any client or proxy sends. */
const MAX_HEADER_LINES = 1000;

/**
 * Refuses a request with more header lines than this gateway reads, and closes its connection: nothing is decided by
 * a part of the headers. The server must have `maxHeadersCount = 0`, so that Node itself drops none.
 */
export const refuseHeaderLines =
  (next: Handler): Handler =>
  (request) => {
    const { req, res } = request;
    // Names and values in turn.
    if (req.rawHeaders.length <= MAX_HEADER_LINES * 2) {
      next(request);
      return;
    }
    const message = `The request has more than ${MAX_HEADER_LINES} header lines`;
    res
      .writeHead(431, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' })
      .end(JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] }));
  };
