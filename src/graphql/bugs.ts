import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLContext } from './context.js';
import { isBug } from './errors.js';

/** Told of a bug of ours; without a request id where none was given yet. */
export type ReportBug = (error: unknown, requestId?: string) => void;

/** Reports each bug of ours once for an operation, however many of its fields it made null. */
export const bugPlugin = (report: ReportBug): ApolloServerPlugin<GraphQLContext> => ({
  async contextCreationDidFail({ error }) {
    if (isBug(error)) report(error);
  },
  async unexpectedErrorProcessingRequest({ error }) {
    report(error);
  },
  requestDidStart: async () => ({
    async didEncounterErrors({ errors, contextValue }) {
      const originals = new Set(errors.map(unwrapResolverError));
      for (const error of originals) if (isBug(error)) report(error, contextValue.requestId);
    },
  }),
});
