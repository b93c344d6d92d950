import { STATUS_CODES, type ServerResponse } from 'node:http';
import { errorAnswer, type Answer } from '../answer.js';
import type { Fault } from './faults.js';

const REASONS: Readonly<Record<number, string>> = {
  401: 'Invalid Token',
  403: 'Unauthorized',
  404: 'Not found',
  408: 'Please try again',
  429: 'Too many requests',
  500: 'Internal server error',
  502: 'Bad gateway',
};
const HTML =
  '<html>\r\n<head><title>Linode</title></head>\r\n<body><h1>It is not JSON</h1></body>\r\n</html>\r\n';
const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** Writes an answer in one piece. */
export function deliver(response: ServerResponse, answer: Answer): void {
  const headers: Record<string, string | number> = { ...answer.headers };
  if (answer.status === 204) delete headers['Content-Type'];
  else headers['Content-Length'] = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, headers).end(answer.body);
}

/** The answer a fault puts in place of the real one; undefined if it leaves the real one. */
export function replacementOf(fault: Fault): Answer | undefined {
  const { status = 200, body, headers } = fault;
  if (fault.empty) return { status, body: '', headers: { 'Content-Type': 'application/json', ...headers } };
  if (fault.html) return { status, body: HTML, headers: { 'Content-Type': 'text/html', ...headers } };
  if (typeof body === 'string') return { status, body, headers: { 'Content-Type': 'text/html', ...headers } };
  if (body === undefined && fault.status === undefined) return undefined;
  const json =
    body === undefined
      ? errorAnswer(status, [{ reason: REASONS[status] ?? STATUS_CODES[status] ?? 'Unknown' }]).body
      : JSON.stringify(body);
  return { status, body: json, headers: { 'Content-Type': 'application/json', ...headers } };
}

/** Writes an answer the way the fault damages it. */
export function deliverDamaged(response: ServerResponse, answer: Answer, fault: Fault): void {
  const whole = Buffer.from(answer.body);
  const half = whole.subarray(0, whole.length >> 1);
  if (fault.cutJson) {
    deliver(response, { ...answer, body: half });
  } else if (fault.reset === 'mid-body' || fault.truncate) {
    response.writeHead(answer.status, { ...answer.headers, 'Content-Length': whole.length });
    response.write(half, () =>
      fault.truncate ? response.socket?.end() : response.socket?.resetAndDestroy(),
    );
  } else {
    deliver(response, answer);
  }
}

/** Streams `bytes` of something that begins as JSON, as fast as the reader takes it. */
export function deliverHuge(
  response: ServerResponse,
  bytes: number,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes, ...headers });
  const opening = Buffer.from('{"data":["').subarray(0, bytes);
  let left = bytes - opening.length;
  response.write(opening);
  const pour = () => {
    while (left > 0 && !response.destroyed) {
      const chunk = CHUNK.subarray(0, Math.min(left, CHUNK.length));
      left -= chunk.length;
      if (!response.write(chunk)) break;
    }
    if (left > 0) response.once('drain', pour);
    else response.end();
  };
  pour();
}
