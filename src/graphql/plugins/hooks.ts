import type { ApolloServerPlugin, GraphQLRequestListener, GraphQLResponse } from '@apollo/server';
import type { GraphQLContext } from '../context.js';

type Listener = GraphQLRequestListener<GraphQLContext>;

type HookName =
  | 'didResolveSource'
  | 'didResolveOperation'
  | 'executionDidStart'
  | 'didEncounterErrors'
  | 'willSendResponse';

/** The state of a request at one of Apollo's hooks. */
export type RequestAt<N extends HookName> = Parameters<NonNullable<Listener[N]>>[0];

/** Synchronous functions for Apollo's hooks, the same for each request. Throwing rejects the operation. */
export type Hooks = { readonly [N in HookName]?: (request: RequestAt<N>) => void };

/** Responds to an operation in place of its execution; undefined if it is to be executed. */
export type Respond = (
  request: Parameters<NonNullable<Listener['responseForOperation']>>[0],
) => GraphQLResponse | undefined;

/**
 * Runs all of them in one plugin. Apollo creates a listener per plugin and request, and awaits each at each hook:
 * for many small plugins that takes longer than their work.
 */
export function pluginOf(hooks: readonly Hooks[], respond: Respond): ApolloServerPlugin<GraphQLContext> {
  const at = <N extends HookName>(name: N): ((request: RequestAt<N>) => Promise<void>) => {
    const called = hooks.flatMap((each) => each[name] ?? []);
    return async (request) => {
      for (const hook of called) hook(request);
    };
  };
  const listener: Listener = {
    didResolveSource: at('didResolveSource'),
    didResolveOperation: at('didResolveOperation'),
    responseForOperation: async (request) => respond(request) ?? null,
    executionDidStart: at('executionDidStart'),
    didEncounterErrors: at('didEncounterErrors'),
    willSendResponse: at('willSendResponse'),
  };
  return { requestDidStart: async () => listener };
}
