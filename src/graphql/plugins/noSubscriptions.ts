import { GraphQLError, OperationTypeNode } from 'graphql';
import type { Hooks } from './hooks.js';

/** Rejects subscriptions: graphql-js finds them valid, and executing one would count as an internal error. */
export const noSubscriptionsHooks: Hooks = {
  didResolveOperation({ operation }) {
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
    throw new GraphQLError('Subscriptions are not supported', {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
    });
  },
};
