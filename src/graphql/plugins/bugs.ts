import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { isBug } from '../errors/formatError.js';
import type { Hooks } from './hooks.js';

/** Told of a bug of ours; without a request id where none was given yet. */
export type ReportBug = (error: unknown, requestId?: string) => void;

/** Reports each bug of ours once for an operation, however many of its fields it made null. */
export const bugHooks = (report: ReportBug): Hooks => ({
  didEncounterErrors({ errors, contextValue }) {
    const originals = new Set(errors.map(unwrapResolverError));
    for (const error of originals) if (isBug(error)) report(error, contextValue.requestId);
  },
});

/** Reports those that come before and after an operation. */
export const bugPlugin = (report: ReportBug): ApolloServerPlugin => ({
  async contextCreationDidFail({ error }) {
    if (isBug(error)) report(error);
  },
  async unexpectedErrorProcessingRequest({ error }) {
    report(error);
  },
});
