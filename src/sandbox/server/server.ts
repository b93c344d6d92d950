import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse } from '../response.js';
import { interruptsUpload, interruptUpload } from './interruptedUpload.js';
import { readText, readUpload, type UploadBody } from './body.js';
import { sendResponse, sendDamaged, sendOversized, replacementResponse } from './sendResponse.js';
import { waitForGate, type Fault } from './faults.js';
import { isLoginPath } from '../login/login.js';
import { describeRequest, type SandboxRequest } from '../requestLog.js';

/** The sandbox behind the server. */
export interface ServerHooks {
  now(): number;
  latencyMs(): number;
  /** Handles the routes that control the sandbox; undefined for all other requests. */
  control(message: IncomingMessage): Promise<ApiResponse> | undefined;
  /** Called before the body is read. Returns the fault that applies to the request. */
  onRequest(request: SandboxRequest): Fault | undefined;
  /** Called with the whole body: as text in the request, or the summary of an uploaded file. */
  handle(
    request: SandboxRequest,
    ip: string,
    upload: UploadBody | null,
    fault: Fault | undefined,
  ): ApiResponse;
}

/** Pages of any origin may call the API and upload. */
const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'HEAD, GET, OPTIONS, POST, PUT, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Origin, X-Requested-With, Content-Type, Accept, X-Filter',
  'Access-Control-Expose-Headers': 'X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Spec-Version',
};

export function createSandboxServer(hooks: ServerHooks): Server {
  const server = createServer((message, response) => {
    handleRequest(hooks, message, response).catch((error: unknown) => {
      if (message.destroyed && !message.complete) return;
      console.error('The sandbox failed:', error);
      if (response.headersSent) response.destroy();
      else sendResponse(response, { status: 500, body: '{"errors":[{"reason":"Internal server error"}]}' });
    });
  });
  // Longer than clients keep idle connections, so that none is reused while the server closes it.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  return server;
}

async function handleRequest(
  hooks: ServerHooks,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const controlled = hooks.control(message);
  if (controlled) return sendResponse(response, await controlled);
  if (message.method === 'OPTIONS')
    return sendResponse(response, { status: 204, body: '', headers: CORS_HEADERS });
  const request = describeRequest(message, hooks.now());
  // From the same clock as X-RateLimit-Reset, which clients compare with it.
  response.setHeader('Date', new Date(hooks.now()).toUTCString());
  const fault = hooks.onRequest(request);
  const latencyMs = hooks.latencyMs();
  if (latencyMs > 0) await wait(latencyMs);
  if (fault && interruptsUpload(fault)) return interruptUpload(message, fault);
  const upload = await readBody(message, request);
  const process = () => {
    const result = hooks.handle(request, message.socket.remoteAddress ?? '', upload, fault);
    return isLoginPath(request.path)
      ? result
      : { ...result, headers: { ...CORS_HEADERS, ...result.headers } };
  };
  if (fault) return applyFault(fault, request, response, process);
  const result = process();
  request.status = result.status;
  sendResponse(response, result);
}

/** Reads the body of methods that have one. */
async function readBody(message: IncomingMessage, request: SandboxRequest): Promise<UploadBody | null> {
  if (request.method === 'GET') {
    message.resume();
    return null;
  }
  if (request.path.startsWith('/uploads/')) return readUpload(message);
  request.body = await readText(message);
  return null;
}

async function applyFault(
  fault: Fault,
  request: SandboxRequest,
  response: ServerResponse,
  process: () => ApiResponse,
): Promise<void> {
  if (fault.latencyMs) await wait(fault.latencyMs);
  await waitForGate(fault.before);
  if (fault.reset === 'before') return void response.socket?.resetAndDestroy();
  if (fault.hang === true) return;

  const replacement = replacementResponse(fault);
  const replaced = replacement !== undefined || fault.hugeBytes !== undefined;
  const real = replaced && !fault.processed ? undefined : process();
  if (fault.reset === 'after') return void response.socket?.resetAndDestroy();
  if (fault.hang === 'after') return;
  await waitForGate(fault.after);

  const result = replacement ?? real;
  request.status = result?.status ?? 200;
  if (fault.hugeBytes !== undefined) return sendOversized(response, fault.hugeBytes, fault.headers);
  if (result) sendDamaged(response, { ...result, headers: { ...result.headers, ...fault.headers } }, fault);
}

function wait(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}
