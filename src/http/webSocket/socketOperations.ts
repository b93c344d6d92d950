import {
  GraphQLSchema,
  parse,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLError,
} from 'graphql';
import type { OperationResult } from 'graphql-ws';
import { Cancellation } from '../../cancellation.js';
import type { Clock } from '../../clock.js';
import type { PersistedOperations } from '../../graphql/documents/persistedOperations.js';
import type { SubscriptionResult } from '../../graphql/subscriptions/runSubscription.js';
import type { StreamedOperations } from '../../graphql/subscriptions/streamedOperations.js';
import type { Caller } from '../../linode/caller.js';
import { OperationAborted } from '../../linode/errors.js';
import { requestIdFrom } from '../admission/requestId.js';
import type { Refusal } from '../errors.js';
import { NOT_PERSISTED } from '../middleware/persistedOnly.js';
import { withDocumentId } from '../middleware/documentId.js';
import type { RequestTracker } from '../server/requestTracker.js';
import type { OpenSubscription, OpenSubscriptions } from '../streams/openSubscriptions.js';
import type { SocketLink } from './socketLink.js';
import { apolloRequest, endedEarly, FormattedError, refusalError } from './socketOperation.js';

export interface SocketOperationsOptions {
  operations: StreamedOperations;
  subscriptions: OpenSubscriptions;
  tracker: RequestTracker;
  clock: Clock;
  /** How long one subscription may last, in ms. */
  maxSubscriptionMs: number;
  persistedOperations: PersistedOperations | undefined;
  /** Why an operation of this client is refused now; undefined if it is not. */
  refusalOf: (callerKey: string | null, address: string) => Promise<Refusal | undefined>;
}

/** Who sends an operation, and by which connection. */
export interface SocketClient {
  caller: Caller;
  address: string;
  link: SocketLink;
}

/** What the library wants to know of an operation, which is prepared already. */
const NO_SCHEMA = new GraphQLSchema({});
const SUBSCRIPTION = parse('subscription { image }');
const QUERY = parse('{ image }');

/** Operations of WebSockets, by the same rules as those of requests. */
export class SocketOperations {
  constructor(private readonly options: SocketOperationsOptions) {}

  /** Starts an operation. Its results are the context value of the arguments; see `resultOf`. */
  async start(
    client: SocketClient,
    payload: Record<string, unknown>,
  ): Promise<ExecutionArgs | GraphQLError[]> {
    const { operations, tracker } = this.options;
    const { caller, address } = client;
    const requestId = requestIdFrom(undefined);
    const body = bodyOf(payload);
    const refusal =
      this.#refusalOfDocument(body) ??
      (await this.options.refusalOf(caller.token === null ? null : caller.key, address));
    if (refusal) return [refusalError(refusal, requestId)];
    const leaving = new Cancellation();
    const leave = (): void => {
      leaving.abort(new OperationAborted('The client has left'));
    };
    const operation = {
      caller,
      requestId,
      maxAgeMs: undefined,
      explains: false,
      onObserved: () => undefined,
    };
    tracker.activeOperations++;
    try {
      const started = await operations.start(apolloRequest(body, requestId), () => operation, {
        signal: leaving.signal,
        isReadOnly: false,
      });
      if (started.kind === 'response') return responseOf(started.body);
      const opened = this.#open(client, started.results, leave);
      if ('status' in opened) return [refusalError(opened, requestId)];
      return { schema: NO_SCHEMA, document: SUBSCRIPTION, contextValue: opened };
    } finally {
      tracker.activeOperations--;
    }
  }

  #open(
    { caller, address, link }: SocketClient,
    results: AsyncGenerator<SubscriptionResult, void>,
    leave: () => void,
  ): AsyncGenerator<SubscriptionResult, void> | Refusal {
    const { subscriptions, clock, maxSubscriptionMs } = this.options;
    const callerKey = caller.token === null ? address : caller.key;
    // When the process drains, the whole connection is closed.
    const open = subscriptions.open(callerKey, 'websocket', () => undefined);
    if ('status' in open) {
      leave();
      return open;
    }
    const cancelLifetime = clock.after(maxSubscriptionMs, () => {
      open.ended('expired');
      leave();
    });
    const end = (): void => {
      cancelLifetime();
      open.ended(link.isSlow ? 'slow' : link.isClosing ? 'draining' : 'left');
      leave();
    };
    return endedEarly(counted(results, open, end), end);
  }

  #refusalOfDocument({ query }: Record<string, unknown>): Refusal | undefined {
    const { persistedOperations } = this.options;
    if (!persistedOperations || query === undefined || persistedOperations.allows(String(query)))
      return undefined;
    return NOT_PERSISTED;
  }
}

/** What `subscribe` and `execute` of the library return: the results that are there already. */
export const resultOf = ({ contextValue }: ExecutionArgs): OperationResult => contextValue as OperationResult;

/** The library requires a query, which is empty beside the ID of a persisted document. */
function bodyOf(payload: Record<string, unknown>): Record<string, unknown> {
  const { query, ...rest } = withDocumentId(payload);
  return query === '' ? rest : { query, ...rest };
}

async function* counted(
  results: AsyncGenerator<SubscriptionResult, void>,
  open: OpenSubscription,
  end: () => void,
): AsyncGenerator<SubscriptionResult, void> {
  try {
    for await (const result of results) {
      open.sent();
      yield result;
    }
    open.ended('completed');
  } finally {
    end();
  }
}

/** A response without data is an error of the request. */
function responseOf(json: string): ExecutionArgs | GraphQLError[] {
  const result = JSON.parse(json) as FormattedExecutionResult;
  const { errors = [] } = result;
  if (!('data' in result) && errors.length > 0) return errors.map((error) => new FormattedError(error));
  return { schema: NO_SCHEMA, document: QUERY, contextValue: result };
}
