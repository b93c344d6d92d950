import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import {
  ApiError,
  errorResponse,
  fail,
  notFound,
  ok,
  type ApiResponse,
  type ErrorEntry,
} from '../response.js';
import { readText } from '../server/body.js';
import type { ActiveFault, Faults } from '../server/faults.js';
import { advanceSchema, faultSchema, settingsSchema, type Settings } from './schemas.js';

/** What the routes control. */
export interface Controlled {
  faults: Faults;
  /** The settings and the clock, as JSON. */
  state(): object;
  configure(settings: Settings): void;
  /** Moves the clock of the sandbox forward. */
  advance(ms: number): void;
  reset(): void;
}

/** Every origin of this machine, such as a development server's. */
const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

export function isControlPath(url: string | undefined): boolean {
  return /^\/_sandbox(?=[/?]|$)/.test(url ?? '');
}

/**
 * Routes under `/_sandbox`, which set faults, the speed and the clock while the sandbox runs. They need no token, so
 * they are open to this machine only: other addresses, and pages of other origins, get a 403.
 */
export async function handleControl(controlled: Controlled, message: IncomingMessage): Promise<ApiResponse> {
  const { origin } = message.headers;
  const headers = {
    'Content-Type': 'application/json',
    ...(origin !== undefined && { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }),
  };
  try {
    const isLocal = LOOPBACK.test(message.socket.remoteAddress ?? '');
    if (!isLocal || (origin !== undefined && !LOCAL_ORIGIN.test(origin))) {
      return {
        ...errorResponse(403, [{ reason: 'Only this machine may control the sandbox' }]),
        headers: {},
      };
    }
    if (message.method === 'OPTIONS') return { status: 204, body: '', headers: { ...headers, ...PREFLIGHT } };
    const body = await readText(message);
    return { ...route(controlled, message, body), headers };
  } catch (error) {
    if (error instanceof ApiError) return { ...errorResponse(error.status, error.errors), headers };
    throw error;
  }
}

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, PATCH, POST, DELETE',
  'Access-Control-Allow-Headers': 'Content-Type',
};

function route(controlled: Controlled, message: IncomingMessage, body: string): ApiResponse {
  const { faults } = controlled;
  const path = (message.url ?? '').replace(/\?.*$/, '').replace(/\/$/, '');
  const id = /^\/_sandbox\/faults\/(\d+)$/.exec(path)?.[1];
  switch (`${message.method} ${id === undefined ? path : '/_sandbox/faults/{id}'}`) {
    case 'GET /_sandbox':
      return ok(controlled.state());
    case 'PATCH /_sandbox':
      controlled.configure(parse(settingsSchema, message, body));
      return ok(controlled.state());
    case 'POST /_sandbox/advance':
      controlled.advance(parse(advanceSchema, message, body).seconds * 1000);
      return ok(controlled.state());
    case 'POST /_sandbox/reset':
      controlled.reset();
      return ok(controlled.state());
    case 'GET /_sandbox/faults':
      return ok({ data: faults.list().map(toJson) });
    case 'POST /_sandbox/faults':
      return ok(toJson(faults.add(parse(faultSchema, message, body))));
    case 'DELETE /_sandbox/faults':
      faults.clear();
      return ok({});
    case 'DELETE /_sandbox/faults/{id}':
      return faults.remove(Number(id)) ? ok({}) : notFound();
    default:
      return notFound();
  }
}

/** A fault with its ID and how often it will still apply: null for without end. */
function toJson({ id, fault, left }: ActiveFault): object {
  const { path, ...rest } = fault;
  const matcher = path instanceof RegExp ? { pathPattern: path.source } : { path };
  return { id, left: Number.isFinite(left) ? left : null, ...matcher, ...rest };
}

/** JSON only: a page cannot send it to another origin without a preflight. */
function parse<S extends z.ZodType>(schema: S, message: IncomingMessage, body: string): z.infer<S> {
  if (!/^application\/json\b/i.test(message.headers['content-type'] ?? '')) {
    return fail(415, 'The content type must be application/json');
  }
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return fail(400, 'Invalid JSON');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new ApiError(400, result.error.issues.map(toEntry));
}

function toEntry({ path, message }: z.core.$ZodIssue): ErrorEntry {
  return path.length > 0 ? { reason: message, field: path.join('.') } : { reason: message };
}
