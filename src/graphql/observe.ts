import type { ApolloServerPlugin } from '@apollo/server';
import type { CacheResult } from '../catalog/reading.js';
import type { Clock } from '../clock.js';
import type { GraphQLContext } from './context.js';

/** What is told of one operation: no variables, no token, no text that a client wrote but its operation's name. */
export interface OperationRecord {
  requestId: string;
  /** Null for an anonymous operation, and for one that could not be parsed. */
  name: string | null;
  type: 'query' | 'mutation' | 'subscription' | null;
  /** The first digits of the caller's digest, or `anonymous`. */
  caller: string;
  durationMs: number;
  upstreamCalls: number;
  cache: CacheResult[];
  /** The age of the oldest thing it read, in ms; null when it read nothing that is kept. */
  ageMs: number | null;
  /** The codes of its errors, those of `userErrors` not among them. */
  errorCodes: string[];
}

const NAME = /^[_A-Za-z]\w{0,79}$/;

/** An operation's name where it may be told: a short word. */
export const plainName = (name: string | null | undefined): string | null =>
  name && NAME.test(name) ? name : null;

/** Tells of every operation when its answer is ready. */
export const observePlugin = (
  clock: Clock,
  onOperation: (record: OperationRecord) => void,
): ApolloServerPlugin<GraphQLContext> => ({
  requestDidStart: async () => {
    const startedAt = clock.now();
    return {
      async willSendResponse({ contextValue, operation, operationName, response }) {
        const { body } = response;
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        const record: OperationRecord = {
          requestId: contextValue.requestId,
          name: plainName(operationName),
          type: operation?.operation ?? null,
          caller: contextValue.caller.key.slice(0, 12),
          durationMs: clock.now() - startedAt,
          upstreamCalls: contextValue.reading.calls.length,
          cache: [...contextValue.reading.results],
          ageMs: contextValue.reading.results.size > 0 ? contextValue.reading.ageMs : null,
          errorCodes: [...new Set(errors.map(({ extensions }) => String(extensions?.['code'])))],
        };
        contextValue.onObserved(record);
        onOperation(record);
      },
    };
  },
});
