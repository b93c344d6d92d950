import type { IncomingHttpHeaders } from 'node:http';
import {
  LinodeInvalidResponse,
  LinodeRateLimited,
  LinodeRefused,
  LinodeTimeout,
  LinodeUnauthenticated,
  LinodeUnavailable,
  type LinodeErrorFacts,
  type LinodeReason,
} from '../errors.js';
import type { Shape } from '../shapes.js';
import { forbidden } from './forbidden.js';
import type { WireRequest, WireResponse } from './wire.js';

/**
 * The JSON text of a response, or the error that its status means. The status decides before the body: a 502 is a
 * 502 whether its body is JSON or HTML. A 204 has no body and counts as `null`.
 * @param pauseMs for how long calls of this kind pause, after a 429
 */
export function bodyOf(request: WireRequest, response: WireResponse, pauseMs: number): string {
  const { status, headers, body } = response;
  const path = request.path.replace(/\?.*/, '');
  const facts: LinodeErrorFacts = { method: request.method, path, status };
  if (status === 204) return 'null';
  if (status >= 200 && status < 300) {
    assertJson(headers, facts);
    return body;
  }

  const reasons = readReasons(body);
  const message = `Linode responded with ${status}${reasons[0] ? `: ${reasons[0].reason}` : ''}`;
  const error = { ...facts, reasons };
  if (status === 408) throw new LinodeTimeout(message, error);
  if (status === 429) throw new LinodeRateLimited(message, { ...error, retryAfterMs: pauseMs });
  if (status >= 500) {
    throw new LinodeUnavailable(message, { ...error, isWorthRetry: !('x-maintenance-mode' in headers) });
  }
  if (status < 400) throw new LinodeInvalidResponse(message, error);
  // Without Linode's error envelope something in front of Linode refused the request.
  if (reasons.length === 0) throw new LinodeUnavailable(message, error);
  if (status === 401 && !reasons.some(isMissingScope)) throw new LinodeUnauthenticated(message, error);
  if (status === 401 || status === 403) throw forbidden(message, error, headers);
  throw new LinodeRefused(message, error);
}

/** A missing scope is a 401, too: only its text differs from that of an invalid token. */
const isMissingScope = ({ reason }: LinodeReason): boolean => /not authorized|scope/i.test(reason);

function assertJson(headers: IncomingHttpHeaders, facts: LinodeErrorFacts): void {
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return;
  throw new LinodeInvalidResponse(`Linode's response is not JSON`, facts);
}

/** @throws {LinodeInvalidResponse} if the body is not JSON, or not of the shape */
export function readJson<T>(body: string, shape: Shape<T>, facts: LinodeErrorFacts): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    // The parser's message quotes the body, which may hold a secret.
    const kind = cause instanceof Error ? cause.name : 'unreadable';
    throw new LinodeInvalidResponse(`Linode's response is not JSON (${kind})`, facts);
  }
  return checkShape(json, shape, facts);
}

/** @throws {LinodeInvalidResponse} naming the first invalid field */
export function checkShape<T>(json: unknown, shape: Shape<T>, facts: LinodeErrorFacts): T {
  const checked = shape.safeParse(json);
  if (checked.success) return checked.data;
  const where = checked.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new LinodeInvalidResponse(`Linode's response is invalid at "${where}"`, facts);
}

/** The reasons of an error envelope; none if the body is something else. */
function readReasons(body: string): LinodeReason[] {
  let envelope: unknown;
  try {
    envelope = JSON.parse(body);
  } catch {
    return [];
  }
  const errors = (envelope as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((entry: { reason?: unknown; field?: unknown } | null) =>
    typeof entry?.reason === 'string'
      ? [{ reason: entry.reason, ...(typeof entry.field === 'string' && { field: entry.field }) }]
      : [],
  );
}
