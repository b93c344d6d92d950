import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { isInternalError } from '../errors/formatError.js';
import type { Hooks } from './hooks.js';

/** Reports an error inside the gateway; without a request ID if the request has none yet. */
export type ReportInternalError = (error: unknown, requestId?: string) => void;

/** Reports each internal error once per operation, however many fields it made null. */
export const internalErrorHooks = (report: ReportInternalError): Hooks => ({
  didEncounterErrors({ errors, contextValue }) {
    const originals = new Set(errors.map(unwrapResolverError));
    for (const error of originals) if (isInternalError(error)) report(error, contextValue.requestId);
  },
});

/** Reports internal errors before and after an operation. */
export const internalErrorPlugin = (report: ReportInternalError): ApolloServerPlugin => ({
  async contextCreationDidFail({ error }) {
    if (isInternalError(error)) report(error);
  },
  async unexpectedErrorProcessingRequest({ error }) {
    report(error);
  },
});
