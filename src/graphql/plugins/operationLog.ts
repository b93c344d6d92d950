import { toMicrosecond, type Clock } from '../../clock.js';
import { plainName, type OperationRecord } from '../operationRecord.js';
import type { Hooks } from './hooks.js';

/** Reports every operation when its response is ready. */
export const operationLogHooks = (clock: Clock, onOperation: (record: OperationRecord) => void): Hooks => ({
  willSendResponse({ contextValue, operation, operationName, response }) {
    const { body } = response;
    const { reading, requestId, caller, stream } = contextValue;
    // It has only begun, and is reported when it ends.
    if (stream?.prepared) return;
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
