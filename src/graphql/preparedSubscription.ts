import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { LiveState } from '../live/liveState.js';

/** A subscription that is parsed, valid and within all limits, so that it can begin. */
export interface PreparedSubscription {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  operationName: string | null;
  variables: Readonly<Record<string, unknown>>;
}

/** What a subscription's source yields: the root value of one event. */
export interface SourceEvent<T> {
  /** The value of the root field. */
  value: T;
  /** What was known when it was yielded, so that the event is made of nothing else. */
  state: LiveState;
  /** It is sent although nothing has changed: Linode begins to fail, or is back. */
  isNotice: boolean;
  /** An event whose result equals the last one's is not sent. */
  isStateful: boolean;
}
