import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { malformedRequest, type RequestRecord } from './requestRecord.js';
import type { RequestTracker } from './requestTracker.js';
import type { TrackedRequest } from './trackedRequest.js';

/** The client left, within a request or not. */
const CLIENT_LEFT = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

/**
 * Refuses in JSON what node refuses itself.
 * @param onMalformed receives the record of what never became a request, with the status that was sent for it, null where none was
 */
export function refuseMalformedRequests(
  server: Server,
  tracker: RequestTracker,
  onMalformed: (record: RequestRecord) => void,
): void {
  /** Connections whose last whole requests are answered before the refusal. */
  const waiting = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    if (waiting.has(socket)) return;
    const last = CLIENT_LEFT.has(error.code ?? '') ? undefined : lastWhole(tracker.requestsOf(socket));
    if (last) {
      // Those that came whole before are carried out: their clients must learn how they ended.
      waiting.add(socket);
      last.whenClosed(() => {
        // `Connection: close` ends the connection with its own response.
        if (socket.writable) onMalformed(malformedRequest(refuse(error.code, socket)));
      });
      return;
    }
    // Once a response has begun, another one would be read as its rest.
    const requests = tracker.requestsOf(socket);
    const hasBegun = requests.some(({ res }) => res.headersSent);
    const hasLeft = CLIENT_LEFT.has(error.code ?? '');
    const isRecorded = hasLeft && requests.length > 0;
    const status = socket.writable && !hasLeft && !hasBegun ? refuse(error.code, socket) : null;
    if (status === null) socket.destroy();
    if (error.code !== 'ECONNRESET' && !isRecorded) onMalformed(malformedRequest(status));
  });
  server.on('connect', (_, duplex) => {
    onMalformed(malformedRequest(refuse(CONNECT, duplex as Socket)));
  });
}

const lastWhole = (requests: readonly TrackedRequest[]): TrackedRequest | undefined =>
  requests.filter(({ req }) => req.complete).at(-1);

const CONNECT = 'connect';

const REFUSALS: Record<string, { status: number; message: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are too large' },
  [CONNECT]: { status: 405, message: 'This is no proxy: GraphQL is asked with GET or POST' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time' },
};

/** @returns the status */
function refuse(code: string | undefined, socket: Socket): number {
  const { status, message } = REFUSALS[code ?? ''] ?? { status: 400, message: 'This is not HTTP' };
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  socket.destroySoon();
  return status;
}
