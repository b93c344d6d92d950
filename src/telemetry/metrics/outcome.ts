import type { ErrorCode } from '../../graphql/errors/formatError.js';

/** Every code that an error of an operation can have: the gateway's own, and Apollo Server's. */
const OUTCOME_BY_CODE: Readonly<Record<ErrorCode, Outcome> & Record<string, Outcome>> = {
  UNAUTHENTICATED: 'client_error',
  FORBIDDEN: 'client_error',
  BAD_USER_INPUT: 'client_error',
  BAD_REQUEST: 'client_error',
  RESPONSE_TOO_LARGE: 'client_error',
  GRAPHQL_PARSE_FAILED: 'client_error',
  GRAPHQL_VALIDATION_FAILED: 'client_error',
  OPERATION_RESOLUTION_FAILURE: 'client_error',
  PERSISTED_QUERY_NOT_FOUND: 'client_error',
  PERSISTED_QUERY_NOT_SUPPORTED: 'client_error',
  RATE_LIMITED: 'upstream_error',
  UPSTREAM_TIMEOUT: 'upstream_error',
  UPSTREAM_UNAVAILABLE: 'upstream_error',
  UPSTREAM_INVALID_RESPONSE: 'upstream_error',
  INTERNAL_SERVER_ERROR: 'internal_error',
};

/** Who caused the worst error of an operation. */
export type Outcome = 'ok' | 'client_error' | 'upstream_error' | 'internal_error';

const WORST_FIRST: readonly Outcome[] = ['internal_error', 'upstream_error', 'client_error'];

export function outcomeOf(errorCodes: readonly string[]): Outcome {
  const found = new Set(errorCodes.map((code) => OUTCOME_BY_CODE[code] ?? 'client_error'));
  return WORST_FIRST.find((outcome) => found.has(outcome)) ?? 'ok';
}

/** A known code, else `other`. */
export const codeLabel = (code: string): string => (Object.hasOwn(OUTCOME_BY_CODE, code) ? code : 'other');
