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
import type { WireRequest, WireResponse } from './transport.js';

/**
 * The body of an answer that says to be JSON, or the error that its status means. The status decides before the
 * body: a 502 is a 502 whether its body is JSON or Apache's HTML.
 */
export function bodyOf(request: WireRequest, response: WireResponse, pauseMs: number): string {
  const { status, headers, body } = response;
  const path = request.path.replace(/\?.*/, '');
  const facts: LinodeErrorFacts = { method: request.method, path, status };
  if (status >= 200 && status < 300) {
    assertJson(headers, facts);
    return body;
  }

  const reasons = readReasons(body);
  const said = `Linode answered ${status}${reasons[0] ? `: ${reasons[0].reason}` : ''}`;
  const error = { ...facts, reasons };
  if (status === 401 && !reasons.some(isMissingScope)) throw new LinodeUnauthenticated(said, error);
  if (status === 401 || status === 403) throw forbidden(said, error, headers);
  if (status === 408) throw new LinodeTimeout(said, error);
  if (status === 429) throw new LinodeRateLimited(said, { ...error, retryAfterMs: pauseMs });
  if (status >= 500) {
    throw new LinodeUnavailable(said, { ...error, isWorthRetry: !('x-maintenance-mode' in headers) });
  }
  if (status >= 400) throw new LinodeRefused(said, error);
  throw new LinodeInvalidResponse(said, error);
}

/** Yes, a missing scope is a 401: only its text tells it from a bad token. */
const isMissingScope = ({ reason }: LinodeReason): boolean => /not authorized|scope/i.test(reason);

function assertJson(headers: IncomingHttpHeaders, facts: LinodeErrorFacts): void {
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return;
  throw new LinodeInvalidResponse(`Linode's answer is not JSON`, facts);
}

/** @throws {LinodeInvalidResponse} when the body is not JSON, or not of the shape */
export function readJson<T>(body: string, shape: Shape<T>, facts: LinodeErrorFacts): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    // The parser's message quotes the body, which may hold a secret.
    const kind = cause instanceof Error ? cause.name : 'unreadable';
    throw new LinodeInvalidResponse(`Linode's answer is not JSON (${kind})`, facts);
  }
  return checkShape(json, shape, facts);
}

/** @throws {LinodeInvalidResponse} naming the first place that is not of the shape */
export function checkShape<T>(json: unknown, shape: Shape<T>, facts: LinodeErrorFacts): T {
  const checked = shape.safeParse(json);
  if (checked.success) return checked.data;
  const where = checked.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new LinodeInvalidResponse(`Linode's answer is not of the promised shape at "${where}"`, facts);
}

/** The reasons of an error envelope; none where the body is something else. */
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
