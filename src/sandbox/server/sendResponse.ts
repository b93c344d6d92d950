import { STATUS_CODES, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { errorResponse, type ApiResponse } from '../response.js';
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

/** Writes a response in one piece. */
export function sendResponse(response: ServerResponse, content: ApiResponse): void {
  const headers: Record<string, string | number> = { ...content.headers };
  if (content.status === 204) delete headers['Content-Type'];
  else headers['Content-Length'] = Buffer.byteLength(content.body);
  response.writeHead(content.status, headers).end(content.body);
}

/** The response that replaces the real one; undefined if the fault keeps the real one. */
export function replacementResponse(fault: Fault): ApiResponse | undefined {
  const { status = 200, body, headers } = fault;
  if (fault.empty) return { status, body: '', headers: { 'Content-Type': 'application/json', ...headers } };
  if (fault.html) return { status, body: HTML, headers: { 'Content-Type': 'text/html', ...headers } };
  if (typeof body === 'string') return { status, body, headers: { 'Content-Type': 'text/html', ...headers } };
  if (body === undefined && fault.status === undefined) return undefined;
  const json =
    body === undefined
      ? errorResponse(status, [{ reason: REASONS[status] ?? STATUS_CODES[status] ?? 'Unknown' }]).body
      : JSON.stringify(body);
  return { status, body: json, headers: { 'Content-Type': 'application/json', ...headers } };
}

/** Writes a response damaged as the fault says. */
export function sendDamaged(response: ServerResponse, content: ApiResponse, fault: Fault): void {
  const body = fault.rows ? overwriteRows(content.body, fault.rows) : content.body;
  const whole = fault.gzip ? gzipSync(body) : Buffer.from(body);
  const half = whole.subarray(0, whole.length >> 1);
  const headers = { ...content.headers, ...(fault.gzip && { 'Content-Encoding': 'gzip' }) };
  if (fault.cutJson) {
    sendResponse(response, { ...content, headers, body: half });
  } else if (fault.reset === 'mid-body' || fault.hang === 'mid-body' || fault.truncate) {
    response.writeHead(content.status, { ...headers, 'Content-Length': whole.length });
    response.write(half, () => {
      if (fault.truncate) response.socket?.end();
      else if (fault.reset) response.socket?.resetAndDestroy();
    });
  } else {
    sendResponse(response, { ...content, headers, body: whole });
  }
}

/** Overwrites fields of a row, or of the rows of a list. A body without rows remains as it is. */
function overwriteRows(body: string | Buffer, changes: NonNullable<Fault['rows']>): string | Buffer {
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch {
    return body;
  }
  if (typeof json !== 'object' || json === null) return body;
  const overwrite = (row: { id?: unknown; username?: unknown }) => ({
    ...row,
    ...changes['*'],
    ...changes[String(row.id ?? row.username)],
  });
  return JSON.stringify(
    'data' in json && Array.isArray(json.data)
      ? { ...json, data: json.data.map(overwrite) }
      : overwrite(json),
  );
}

/** Streams `bytes` of a body that starts like JSON, respecting backpressure. */
export function sendOversized(
  response: ServerResponse,
  bytes: number,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes, ...headers });
  const opening = Buffer.from('{"data":["').subarray(0, bytes);
  let left = bytes - opening.length;
  response.write(opening);
  const writeChunks = () => {
    while (left > 0 && !response.destroyed) {
      const chunk = CHUNK.subarray(0, Math.min(left, CHUNK.length));
      left -= chunk.length;
      if (!response.write(chunk)) break;
    }
    if (left > 0) response.once('drain', writeChunks);
    else response.end();
  };
  writeChunks();
}
