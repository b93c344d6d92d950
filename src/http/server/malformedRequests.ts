import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { unreadable, type RequestRecord } from './requestTracker.js';

/** The client left, within a request or not. */
const HAS_LEFT = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

/**
 * Answers in JSON what node itself refuses.
 * @param onMalformed receives the record of what never became a request, with the status that was sent for it, null where none was
 */
export function answerMalformedRequests(server: Server, onMalformed: (record: RequestRecord) => void): void {
  const underWay = new WeakMap<Socket, Set<ServerResponse>>();
  server.prependListener('request', ({ socket }: IncomingMessage, res: ServerResponse) => {
    const answers = underWay.get(socket) ?? new Set();
    underWay.set(socket, answers.add(res));
    res.once('close', () => {
      answers.delete(res);
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    // Once an answer is on its way, another one would be read as its rest.
    const answers = [...(underWay.get(socket) ?? [])];
    const hasBegun = answers.some(({ headersSent }) => headersSent);
    const hasLeft = HAS_LEFT.has(error.code ?? '');
    const status = socket.writable && !hasLeft && !hasBegun ? refuse(error.code, socket) : null;
    if (status === null) socket.destroy();
    // A request that was under way is told of by itself.
    const isToldOf = hasLeft && answers.length > 0;
    if (error.code !== 'ECONNRESET' && !isToldOf) onMalformed(unreadable(status));
  });
  server.on('connect', (_, duplex) => {
    onMalformed(unreadable(refuse(CONNECT, duplex as Socket)));
  });
}

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
