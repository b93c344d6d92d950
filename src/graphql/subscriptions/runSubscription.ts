import {
  createSourceEventStream,
  execute,
  GraphQLError,
  Kind,
  locatedError,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
} from 'graphql';
import { toMicrosecond, type Clock } from '../../clock.js';
import type { CallTerms } from '../../linode/client/client.js';
import { Deadline } from '../../linode/client/deadline.js';
import type { CreateContext, GraphQLContext } from '../context.js';
import { isInternalError } from '../errors/formatError.js';
import { plainName, type OperationRecord } from '../operationRecord.js';
import { WORK } from '../work/collectionWork.js';
import type { PreparedSubscription, SourceEvent } from '../preparedSubscription.js';

/** One event takes about as long as so many units of a filter's work. */
const EVENT_UNITS = WORK.maxPerTurn / 10;

/** The result of one event; errors have their codes and the request's ID. */
export type SubscriptionResult = FormattedExecutionResult;

export interface RunOptions {
  createContext: CreateContext;
  clock: Clock;
  /** How long the execution of one event may take, in ms. */
  requestTimeoutMs: number;
  /** The largest event, in bytes as JSON. */
  maxResponseBytes: number;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  reportInternalError: (error: unknown, requestId?: string) => void;
  /** Receives the record of the subscription when it has ended. */
  onOperation: (record: OperationRecord) => void;
}

/**
 * Runs a subscription: the result of each event, each executed by itself with the state that it was made of. An error
 * that ends it is its last result.
 * @param context in which Apollo has prepared it; its stream's signal ends it
 */
export async function* runSubscription(
  prepared: PreparedSubscription,
  context: GraphQLContext,
  options: RunOptions,
): AsyncGenerator<SubscriptionResult, void> {
  const run = new SubscriptionRun(prepared, context, options);
  try {
    yield* run.results();
  } finally {
    const { record } = run;
    context.onObserved(record);
    options.onOperation(record);
  }
}

class SubscriptionRun {
  readonly #errorCodes = new Set<string>();
  #upstreamCalls = 0;
  #last: string | undefined;

  constructor(
    private readonly prepared: PreparedSubscription,
    private readonly context: GraphQLContext,
    private readonly options: RunOptions,
  ) {}

  get record(): OperationRecord {
    const { caller, requestId, reading } = this.context;
    return {
      requestId,
      name: plainName(this.prepared.operationName),
      type: 'subscription',
      caller: caller.key.slice(0, 12),
      durationMs: toMicrosecond(this.options.clock.now() - reading.began.at),
      upstreamCalls: this.#upstreamCalls + reading.calls.length,
      cache: [...reading.results],
      ageMs: null,
      errorCodes: [...this.#errorCodes],
    };
  }

  async *results(): AsyncGenerator<SubscriptionResult, void> {
    const { schema, document, variables, operationName } = this.prepared;
    const source = await createSourceEventStream({
      schema,
      document,
      contextValue: this.context,
      variableValues: variables,
      operationName,
    });
    if (!(Symbol.asyncIterator in source)) {
      yield this.#format(source, this.context);
      return;
    }
    try {
      for await (const event of source as AsyncIterable<SourceEvent<unknown>>) {
        const result = await this.#execute(event);
        if (result) yield result;
      }
    } catch (error) {
      yield this.#format({ errors: [this.#located(error)] }, this.context);
    }
  }

  /** Undefined for a state that the subscriber has. */
  async #execute(event: SourceEvent<unknown>): Promise<SubscriptionResult | undefined> {
    const { clock, requestTimeoutMs, maxResponseBytes } = this.options;
    await this.context.work.turnFor(EVENT_UNITS);
    const deadline = new Deadline(clock, requestTimeoutMs, '/');
    try {
      const context = this.#contextOf(event, deadline.terms);
      const { schema, document, variables, operationName } = this.prepared;
      const executed = await execute({
        schema,
        document,
        rootValue: event,
        contextValue: context,
        variableValues: variables,
        operationName,
      });
      this.#upstreamCalls += context.reading.calls.length;
      const result = this.#format(executed, context);
      const json = JSON.stringify(result);
      if (event.isStateful && !event.isNotice && json === this.#last) return undefined;
      this.#last = json;
      if (Buffer.byteLength(json) > maxResponseBytes) return this.#tooLarge(maxResponseBytes);
      const { staleAgeMs } = event.state;
      if (!event.isNotice || staleAgeMs === undefined) return result;
      return { ...result, extensions: { stale: { ageSeconds: Math.floor(staleAgeMs / 1000) } } };
    } finally {
      deadline.lift();
    }
  }

  /** Its reads are the poller's or count as its: a thousand subscribers must not cost more than one. */
  #contextOf({ state }: SourceEvent<unknown>, terms: CallTerms): GraphQLContext {
    const { caller, requestId, onObserved } = this.context;
    return this.options.createContext({
      caller,
      requestId,
      explains: false,
      onObserved,
      terms: { ...terms, priority: 'live' },
      maxAgeMs: undefined,
      ...(state.events && { knownEvents: state.events }),
    });
  }

  #format(
    { data, errors = [] }: ExecutionResult,
    { requestId, rowErrors }: GraphQLContext,
  ): SubscriptionResult {
    const all = [...errors, ...rowErrors.all];
    if (all.length === 0) return { data: data ?? null };
    return {
      ...(data !== undefined && { data }),
      errors: all.map((error) => this.#formatError(error, requestId)),
    };
  }

  #formatError(raised: GraphQLError, requestId: string): GraphQLFormattedError {
    const error = isVariableError(raised) ? inputError(raised) : raised;
    if (isInternalError(error.originalError ?? error)) this.options.reportInternalError(error, requestId);
    const { code = 'INTERNAL_SERVER_ERROR' } = error.extensions;
    const formatted = { ...error.toJSON(), extensions: { ...error.extensions, code } };
    const { extensions, ...rest } = this.options.formatError(formatted, error);
    const facts = { ...extensions };
    // Apollo's hint for the status.
    delete facts['http'];
    this.#errorCodes.add(String(facts['code']));
    return { ...rest, extensions: { ...facts, requestId } };
  }

  #tooLarge(maximum: number): SubscriptionResult {
    this.#errorCodes.add('RESPONSE_TOO_LARGE');
    const { requestId } = this.context;
    const message = `The limit of response bytes is ${maximum}; select fewer fields`;
    const extensions = { code: 'RESPONSE_TOO_LARGE', limit: 'response bytes', maximum, requestId };
    return { errors: [{ message, extensions }] };
  }

  #located(error: unknown): GraphQLError {
    const [field] = this.prepared.operation.selectionSet.selections;
    const name = field?.kind === 'Field' ? (field.alias ?? field.name).value : undefined;
    return locatedError(error, field, name === undefined ? undefined : [name]);
  }
}

/** A variable has a value that its type does not allow. Graphql-js gives no code. */
const isVariableError = ({ nodes, extensions }: GraphQLError): boolean =>
  nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION && extensions['code'] === undefined;

/** As Apollo does it. */
const inputError = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    originalError: error.originalError ?? error,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
  });
