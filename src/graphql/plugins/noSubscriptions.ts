import { GraphQLError, OperationTypeNode } from 'graphql';
import type { Hooks } from './hooks.js';

/** Refuses subscriptions: graphql-js finds them valid, and executing one would be taken for a bug. */
export const noSubscriptionsHooks: Hooks = {
  didResolveOperation({ operation }) {
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
    throw new GraphQLError('There are no subscriptions here', {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
    });
  },
};
