import { ApolloServerValidationErrorCode, unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import {
  LinodeError,
  LinodeForbidden,
  LinodeInvalidResponse,
  LinodeRateLimited,
  LinodeTimeout,
  LinodeUnauthenticated,
  LinodeUnavailable,
  OperationAborted,
} from '../../linode/errors.js';
import { hideSchemaNames } from './hideSchemaNames.js';
import { argumentMessage, badArgument, isEndOfVariables, variableMessage } from './variableErrors.js';

/** The codes of this gateway, besides those of Apollo Server for requests that are not valid GraphQL. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'BAD_USER_INPUT'
  | 'RESPONSE_TOO_LARGE'
  | 'INTERNAL_SERVER_ERROR';

export interface ErrorExtensions {
  code: ErrorCode;
  [fact: string]: unknown;
}

/** The extensions of an error of the Linode client; undefined for other errors. */
export function extensionsOf(error: unknown): ErrorExtensions | undefined {
  if (!(error instanceof LinodeError)) return undefined;
  const { status, reasons } = error;
  return {
    ...codeOf(error),
    ...(error.outcomeUnknown && { outcome: 'unknown' }),
    ...(status !== undefined && {
      upstream: { status, ...(reasons.length > 0 && { reasons: reasons.map(({ reason }) => reason) }) },
    }),
  };
}

function codeOf(error: LinodeError): ErrorExtensions {
  if (error instanceof LinodeUnauthenticated) return { code: 'UNAUTHENTICATED' };
  if (error instanceof LinodeForbidden) {
    const { requiredScopes, grantedScopes } = error;
    return {
      code: 'FORBIDDEN',
      ...(requiredScopes.length > 0 && { requiredScopes }),
      ...(grantedScopes.length > 0 && { grantedScopes }),
    };
  }
  if (error instanceof LinodeRateLimited) {
    return { code: 'RATE_LIMITED', retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) };
  }
  if (error instanceof LinodeTimeout) return { code: 'UPSTREAM_TIMEOUT' };
  if (error instanceof LinodeUnavailable) return { code: 'UPSTREAM_UNAVAILABLE' };
  if (error instanceof LinodeInvalidResponse) return { code: 'UPSTREAM_INVALID_RESPONSE' };
  // A status that no resolver handles: outside of what Linode's specification describes.
  return { code: 'UPSTREAM_INVALID_RESPONSE' };
}

const MASKED = 'Internal server error';

/**
 * Whether the gateway itself is at fault: not Linode, not a client that disconnected, not the client's request.
 * What graphql-js throws at a resolver's result, such as a null for a non-null field, has no code.
 */
export function isInternalError(error: unknown): boolean {
  if (error instanceof LinodeError || error instanceof OperationAborted) return false;
  if (!(error instanceof GraphQLError)) return true;
  if (isBadRequest(error) || badArgument(error) !== undefined || isEndOfVariables(error)) return false;
  return (error.extensions['code'] ?? 'INTERNAL_SERVER_ERROR') === 'INTERNAL_SERVER_ERROR';
}

/** Apollo's hook to format errors. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const extensions = extensionsOf(original);
  if (extensions) return { ...formatted, message: (original as Error).message, extensions };
  if (original instanceof OperationAborted) {
    return { ...formatted, message: original.message, extensions: { code: 'UPSTREAM_UNAVAILABLE' } };
  }
  if (isInternalError(original)) {
    return { ...formatted, message: MASKED, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  }
  if (isBadRequest(original)) {
    return { ...formatted, extensions: { ...formatted.extensions, code: 'BAD_REQUEST' } };
  }
  const argument = badArgument(original);
  if (argument !== undefined) {
    const message = argumentMessage(argument, formatted);
    return { ...formatted, message, extensions: { code: 'BAD_USER_INPUT', argument } };
  }
  const message = variableMessage(original) ?? introspectionMessage(original) ?? formatted.message;
  return isBadLiteral(original) || isEndOfVariables(original)
    ? { ...formatted, message, extensions: { ...formatted.extensions, code: 'BAD_USER_INPUT' } }
    : { ...formatted, message };
}

/** The same without names of the schema that the request does not contain. */
export function formatErrorWithoutSchemaNames(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const result = formatError(formatted, error);
  return { ...result, message: hideSchemaNames(result.message) };
}

/** Apollo gives some errors, such as a hash that does not match its document, a status but no code. */
function isBadRequest(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.extensions['code'] !== undefined) return false;
  const status = (error.extensions['http'] as { status?: number } | undefined)?.status ?? 0;
  return status >= 400 && status < 500;
}

/** Apollo's message addresses the operator. */
const introspectionMessage = (error: unknown): string | undefined =>
  error instanceof GraphQLError &&
  error.extensions['validationErrorCode'] === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED
    ? 'Introspection is disabled'
    : undefined;

/** A scalar rejected a literal: an invalid argument, although graphql-js finds it during validation. */
const isBadLiteral = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  ((error.originalError instanceof GraphQLError &&
    error.originalError.extensions['code'] === 'BAD_USER_INPUT') ||
    // In a variable it is one too.
    error.message.startsWith('Int cannot represent non 32-bit signed integer value'));

/** What formats the errors of a server that hides its schema, or of one that shows it. */
export const formatterOf = (showsSchema: boolean): typeof formatError =>
  showsSchema ? formatError : formatErrorWithoutSchemaNames;
