import type { ApolloServerPlugin } from '@apollo/server';
import { SpanStatusCode, context, trace, type Span, type Tracer } from '@opentelemetry/api';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../../graphql/context.js';
import { plainName, type OperationRecord, type ReplayRecord } from '../../graphql/operationRecord.js';

/**
 * A span for each operation and for each root field; nested fields only read what root fields loaded. Spans hold no
 * documents and no variables.
 */
export function traceGraphQL(tracer: Tracer): ApolloServerPlugin<GraphQLContext> {
  const spans = new WeakMap<GraphQLContext, Span>();

  return {
    async serverWillStart({ schema }) {
      for (const field of rootFields(schema)) {
        field.resolve = traced(tracer, spans, field.name, field.resolve ?? defaultFieldResolver);
      }
    },
    requestDidStart: async () => ({
      async didResolveOperation({ contextValue, operation, operationName }) {
        if (!operation) return;
        const { name, attributes } = spanOf(operation.operation, plainName(operationName));
        spans.set(contextValue, tracer.startSpan(name, { attributes }));
      },
      async willSendResponse({ contextValue, response }) {
        const span = spans.get(contextValue);
        if (!span) return;
        const { body } = response;
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        const { calls, results } = contextValue.reading;
        span.setAttribute('gateway.upstream_calls', calls.length).setAttribute('gateway.cache', [...results]);
        if (errors.length > 0) {
          const codes = [...new Set(errors.map(({ extensions }) => String(extensions?.['code'])))];
          span.setAttribute('gateway.error_codes', codes).setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      },
    }),
  };
}

/** Prepares the span of an operation whose cached response is sent again. */
export const traceReplays =
  (tracer: Tracer) =>
  (record: OperationRecord): ((replay: ReplayRecord) => void) => {
    const { name, attributes } = spanOf(record.type ?? '', record.name);
    const all = {
      ...attributes,
      'gateway.upstream_calls': record.upstreamCalls,
      'gateway.cache': [...record.cache],
    };
    return ({ durationMs }) => {
      const endTime = Date.now();
      tracer.startSpan(name, { attributes: all, startTime: endTime - durationMs }).end(endTime);
    };
  };

const spanOf = (type: string, operationName: string | null) => ({
  name: `${type} ${operationName ?? ''}`.trim(),
  attributes: {
    'graphql.operation.type': type,
    ...(operationName !== null && { 'graphql.operation.name': operationName }),
  },
});

const rootFields = (schema: GraphQLSchema) =>
  [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.values(type?.getFields() ?? {}));

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext>;

const traced =
  (tracer: Tracer, spans: WeakMap<GraphQLContext, Span>, name: string, resolve: Resolver): Resolver =>
  (source, args, contextValue, info) => {
    const operation = spans.get(contextValue);
    const parent = operation ? trace.setSpan(context.active(), operation) : context.active();
    return tracer.startActiveSpan(`${info.parentType.name}.${name}`, {}, parent, async (span) => {
      try {
        return await (resolve(source, args, contextValue, info) as unknown);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  };
