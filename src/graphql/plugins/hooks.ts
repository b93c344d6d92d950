import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLContext } from '../context.js';

type Listener = GraphQLRequestListener<GraphQLContext>;

type HookName =
  | 'didResolveSource'
  | 'didResolveOperation'
  | 'executionDidStart'
  | 'didEncounterErrors'
  | 'willSendResponse';

/** What a request has come to at one of Apollo's hooks. */
export type RequestAt<N extends HookName> = Parameters<NonNullable<Listener[N]>>[0];

/** What is done at Apollo's hooks: the same for each request, and at once. Throwing refuses the operation. */
export type Hooks = { readonly [N in HookName]?: (request: RequestAt<N>) => void };

/**
 * All of them as one plugin. Apollo makes a listener for each plugin and request, and waits for each of them at
 * each hook, those that it does not have included: for many small plugins that takes longer than what they do.
 */
export function pluginOf(hooks: readonly Hooks[]): ApolloServerPlugin<GraphQLContext> {
  const at = <N extends HookName>(name: N): ((request: RequestAt<N>) => Promise<void>) => {
    const called = hooks.flatMap((each) => each[name] ?? []);
    return async (request) => {
      for (const hook of called) hook(request);
    };
  };
  const listener: Listener = {
    didResolveSource: at('didResolveSource'),
    didResolveOperation: at('didResolveOperation'),
    executionDidStart: at('executionDidStart'),
    didEncounterErrors: at('didEncounterErrors'),
    willSendResponse: at('willSendResponse'),
  };
  return { requestDidStart: async () => listener };
}
