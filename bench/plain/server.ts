import { createServer, type Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { LinodeApi } from './linodeApi.js';
import { resolvers, type PlainContext } from './resolvers.js';
import { typeDefs } from './schema.js';

/** The baseline: what one writes in an afternoon from the documentation of Apollo Server. */
export async function createPlain(linodeApiUrl: string): Promise<Server> {
  const apollo = new ApolloServer<PlainContext>({ typeDefs, resolvers });
  await apollo.start();
  const app = express();
  app.use(
    '/graphql',
    express.json(),
    expressMiddleware(apollo, {
      context: async ({ req }) => ({
        dataSources: {
          linode: new LinodeApi(linodeApiUrl, req.headers.authorization, { cache: apollo.cache }),
        },
      }),
    }),
  );
  return createServer(app);
}
