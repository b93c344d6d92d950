import { HeaderMap } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { Hooks, Respond } from './hooks.js';

const TRANSPORTS =
  'Accept: text/event-stream (GraphQL over SSE), ' +
  'Accept: multipart/mixed;subscriptionSpec=1.0 (multipart subscriptions over HTTP), ' +
  'or a WebSocket with the subprotocol graphql-transport-ws';

/** Rejects a subscription of a client that accepts one response only, and a mutation by GET. */
export const subscriptionHooks: Hooks = {
  didResolveOperation({ operation, contextValue }) {
    if (operation?.operation === OperationTypeNode.MUTATION && contextValue.stream?.isReadOnly) {
      throw new GraphQLError('GET requests only support query and subscription operations', {
        extensions: { code: 'BAD_REQUEST', http: { status: 405 } },
      });
    }
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION || contextValue.stream) return;
    throw new GraphQLError(`A subscription needs a transport for streams. Use ${TRANSPORTS}`, {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
    });
  },
};

/**
 * Ends Apollo's part of a subscription: it has parsed, validated and limited it as any operation. The response is a
 * placeholder that no client receives.
 */
export const respondToSubscription: Respond = ({
  schema,
  document,
  operation,
  operationName,
  request,
  contextValue,
}) => {
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION || !contextValue.stream) return undefined;
  const { variables = {} } = request;
  contextValue.stream.prepared = { schema, document, operation, operationName, variables };
  return { body: { kind: 'single', singleResult: {} }, http: { headers: new HeaderMap() } };
};
