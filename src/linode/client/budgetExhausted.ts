import { LinodeRateLimited } from '../errors.js';
import type { CallKind } from './callKind.js';
import type { Reservation } from './rateBudget.js';

const BUDGET_EXHAUSTED: Readonly<Record<CallKind, string>> = {
  list: 'List call budget exhausted',
  view: 'View call budget exhausted',
  other: 'Call budget exhausted',
  write: 'Call budget exhausted',
};

/** The refusal of a call that was not sent. */
export function budgetExhausted(
  kind: CallKind,
  method: string,
  path: string,
  retryAfterMs: number,
): LinodeRateLimited {
  const facts = { method, path: path.replace(/\?.*/, ''), sent: false, retryAfterMs };
  return new LinodeRateLimited(BUDGET_EXHAUSTED[kind], facts);
}

/**
 * The reservation, if it was granted.
 * @throws {LinodeRateLimited}
 */
export function assertGranted(
  reservation: Reservation,
  kind: CallKind,
  method: string,
  path: string,
): Reservation {
  if (reservation.waitMs === 0) return reservation;
  throw budgetExhausted(kind, method, path, reservation.waitMs);
}
