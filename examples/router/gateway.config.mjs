import { defineConfig } from '@graphql-hive/gateway';

export const gatewayConfig = defineConfig({
  supergraph: process.env.SUPERGRAPH ?? './supergraph.graphql',
  host: '127.0.0.1',
  port: Number(process.env.PORT ?? 4002),
  // Without it every request is anonymous.
  propagateHeaders: {
    fromClientToSubgraphs({ request }) {
      const authorization = request.headers.get('authorization');
      return authorization === null ? {} : { authorization };
    },
  },
  // The gateway's messages are meant for clients, and name no internals.
  maskedErrors: false,
});
