import type { CacheResult } from '../../catalog/reading.js';
import { toMicrosecond, type Clock } from '../../clock.js';
import type { Hooks } from './hooks.js';

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
  /** The age of the oldest thing it read, in whole ms; null when it read nothing that is kept. */
  ageMs: number | null;
  /** The codes of its errors, those of `userErrors` not among them. */
  errorCodes: string[];
}

/** What is another each time that the answer to an operation is given again. */
export type Repetition = Pick<OperationRecord, 'requestId' | 'durationMs' | 'ageMs'>;

const NAME = /^[_A-Za-z]\w{0,79}$/;

/** An operation's name where it may be told: a short word. */
export const plainName = (name: string | null | undefined): string | null =>
  name && NAME.test(name) ? name : null;

/** Tells of every operation when its answer is ready. */
export const observeHooks = (clock: Clock, onOperation: (record: OperationRecord) => void): Hooks => ({
  willSendResponse({ contextValue, operation, operationName, response }) {
    const { body } = response;
    const { reading, requestId, caller } = contextValue;
    const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
    const record: OperationRecord = {
      requestId,
      name: plainName(operationName),
      type: operation?.operation ?? null,
      caller: caller.key.slice(0, 12),
      durationMs: toMicrosecond(clock.now() - reading.began.at),
      upstreamCalls: reading.calls.length,
      cache: [...reading.results],
      ageMs: reading.results.size > 0 ? Math.round(reading.ageMs) : null,
      errorCodes: [...new Set(errors.map(({ extensions }) => String(extensions?.['code'])))],
    };
    contextValue.onObserved(record);
    onOperation(record);
  },
});
