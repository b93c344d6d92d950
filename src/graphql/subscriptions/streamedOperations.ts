import type { ApolloServer, HTTPGraphQLRequest } from '@apollo/server';
import type { Caller } from '../../linode/caller.js';
import { Deadline } from '../../linode/client/deadline.js';
import type { GraphQLContext, OperationRequest, StreamContext } from '../context.js';
import { runSubscription, type RunOptions, type SubscriptionResult } from './runSubscription.js';

/** What an operation came to: one response, or a subscription. */
export type StartedOperation =
  | { kind: 'response'; status: number; headers: Iterable<[string, string]>; body: string }
  | { kind: 'subscription'; caller: Caller; results: AsyncGenerator<SubscriptionResult, void> };

export interface StreamedOperationsOptions extends RunOptions {
  server: ApolloServer<GraphQLContext>;
  /** Resolves when what is in memory may be served; absent: it always may. */
  ready?: (() => Promise<void>) | undefined;
}

/** Operations of clients that accept a stream. Apollo parses, validates and limits them as any other operation. */
export class StreamedOperations {
  constructor(private readonly options: StreamedOperationsOptions) {}

  /**
   * Responds to a query or a mutation, and to what is not valid; prepares a subscription, which begins when its first
   * result is taken.
   * @param operationOf what its context is made of; what it throws is the response
   * @param stream its signal aborts when the client has left, which ends the subscription
   */
  async start(
    httpGraphQLRequest: HTTPGraphQLRequest,
    operationOf: () => Omit<OperationRequest, 'terms' | 'stream'>,
    stream: Pick<StreamContext, 'signal' | 'isReadOnly'>,
  ): Promise<StartedOperation> {
    const { signal } = stream;
    const { server, ready, createContext, clock, requestTimeoutMs } = this.options;
    const deadline = new Deadline(clock, requestTimeoutMs, '/');
    const onAbort = (): void => {
      deadline.lift();
      deadline.abort(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const streamContext: StreamContext = { ...stream };
    let context: GraphQLContext | undefined;
    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: async () => {
        if (ready) await ready();
        return (context = createContext({ ...operationOf(), terms: deadline.terms, stream: streamContext }));
      },
    });
    if (streamContext.prepared && context) {
      const { caller } = context;
      const results = runSubscription(streamContext.prepared, context, this.options);
      return { kind: 'subscription', caller, results: begin(results, deadline.lift) };
    }
    deadline.lift();
    signal.removeEventListener('abort', onAbort);
    const { status = 200, headers, body } = response;
    // Rows are bytes, which Apollo passes on as if they were a string.
    const text = body.kind === 'complete' ? String(body.string) : '';
    return { kind: 'response', status, headers, body: text };
  }
}

/** Calls back when the first result is there: the deadline is that of the beginning alone. */
async function* begin<T>(results: AsyncGenerator<T, void>, onFirst: () => void): AsyncGenerator<T, void> {
  try {
    for await (const result of results) {
      onFirst();
      yield result;
    }
  } finally {
    onFirst();
  }
}
