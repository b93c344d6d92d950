import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../answer.js';
import { countBytes, readText } from './body.js';
import { deliver, deliverDamaged, deliverHuge, replacementOf } from './delivery.js';
import { pass, type Fault } from './faults.js';
import { describeRequest, type SandboxRequest } from '../requestLog.js';

/** What the server asks of the sandbox. */
export interface Desk {
  now(): number;
  latencyMs: number;
  /** Called at arrival, before the body is read. Returns the fault this request meets. */
  arrived(request: SandboxRequest): Fault | undefined;
  /** Called once the body is there; `bytes` counts the body of an upload. */
  serve(request: SandboxRequest, ip: string, bytes: number): Answer;
}

/** For browsers: a page of another origin may call the API, and upload. */
const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'HEAD, GET, OPTIONS, POST, PUT, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Origin, X-Requested-With, Content-Type, Accept, X-Filter',
  'Access-Control-Expose-Headers': 'X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Spec-Version',
};

export function createSandboxServer(desk: Desk): Server {
  const server = createServer((message, response) => {
    answerRequest(desk, message, response).catch((error: unknown) => {
      if (message.destroyed && !message.complete) return;
      console.error('The sandbox failed:', error);
      if (response.headersSent) response.destroy();
      else deliver(response, { status: 500, body: '{"errors":[{"reason":"Internal server error"}]}' });
    });
  });
  // A client that keeps its connections must not meet one that is just being closed.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  return server;
}

async function answerRequest(desk: Desk, message: IncomingMessage, response: ServerResponse): Promise<void> {
  if (message.method === 'OPTIONS')
    return deliver(response, { status: 204, body: '', headers: CORS_HEADERS });
  const request = describeRequest(message, desk.now());
  // Of the same clock as X-RateLimit-Reset, which clients hold against it.
  response.setHeader('Date', new Date(desk.now()).toUTCString());
  const fault = desk.arrived(request);
  if (desk.latencyMs > 0) await wait(desk.latencyMs);
  const bytes = await readBody(message, request);
  const process = () => {
    const answer = desk.serve(request, message.socket.remoteAddress ?? '', bytes);
    return { ...answer, headers: { ...CORS_HEADERS, ...answer.headers } };
  };
  if (fault) return misbehave(fault, request, response, process);
  const answer = process();
  request.status = answer.status;
  deliver(response, answer);
}

/** Reads the body where there can be one; an upload's bytes are only counted. */
async function readBody(message: IncomingMessage, request: SandboxRequest): Promise<number> {
  if (request.method === 'GET') {
    message.resume();
    return 0;
  }
  if (request.path.startsWith('/uploads/')) return countBytes(message);
  request.body = await readText(message);
  return request.body.length;
}

async function misbehave(
  fault: Fault,
  request: SandboxRequest,
  response: ServerResponse,
  process: () => Answer,
): Promise<void> {
  if (fault.latencyMs) await wait(fault.latencyMs);
  await pass(fault.before);
  if (fault.reset === 'before') return void response.socket?.resetAndDestroy();
  if (fault.hang === true) return;

  const replacement = replacementOf(fault);
  const replaced = replacement !== undefined || fault.hugeBytes !== undefined;
  const real = replaced && !fault.processed ? undefined : process();
  if (fault.reset === 'after') return void response.socket?.resetAndDestroy();
  if (fault.hang === 'after') return;
  await pass(fault.after);

  const answer = replacement ?? real;
  request.status = answer?.status ?? 200;
  if (fault.hugeBytes !== undefined) return deliverHuge(response, fault.hugeBytes, fault.headers);
  if (answer)
    deliverDamaged(response, { ...answer, headers: { ...answer.headers, ...fault.headers } }, fault);
}

function wait(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}
