import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient as createWebSocketClient, type ClientOptions } from 'graphql-ws';

// Subscriptions over WebSocket, everything else over HTTP.
export const createClient = (
  url: string,
  token: string,
  options: Partial<ClientOptions> = {},
): ApolloClient => {
  const authorization = `Bearer ${token}`;
  const webSocket = new GraphQLWsLink(
    createWebSocketClient({
      url: url.replace(/^http/, 'ws'),
      connectionParams: { authorization },
      ...options,
    }),
  );
  const http = new HttpLink({ uri: url, headers: { authorization } });
  return new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      webSocket,
      http,
    ),
    cache: new InMemoryCache(),
  });
};
