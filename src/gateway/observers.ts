import type { Tracer } from '@opentelemetry/api';
import type { OperationRecord, ReplayRecord } from '../graphql/operationRecord.js';
import type { RequestRecord } from '../http/server/requestRecord.js';
import type { GatewayLog } from '../telemetry/log/gatewayLog.js';
import type { ServingMetrics } from '../telemetry/metrics/servingMetrics.js';
import { traceReplays } from '../telemetry/tracing/graphqlSpans.js';

/** Passes requests, operations and internal errors to its metrics, its log and its traces. */
export class Observers {
  readonly #prepareSpan: ((record: OperationRecord) => (replay: ReplayRecord) => void) | undefined;

  constructor(
    private readonly metrics: ServingMetrics,
    private readonly log: GatewayLog,
    tracer: Tracer | undefined,
  ) {
    this.#prepareSpan = tracer && traceReplays(tracer);
  }

  readonly operation = (record: OperationRecord): void => {
    this.metrics.operation(record);
    this.log.operation(record);
  };

  /** Prepares to report the replays of an operation's response. */
  readonly prepareReplay = (record: OperationRecord): ((replay: ReplayRecord) => void) => {
    const count = this.metrics.prepareReplay(record);
    const log = this.log.prepareReplay(record);
    const trace = this.#prepareSpan?.(record);
    return (replay) => {
      count(replay);
      log(replay);
      trace?.(replay);
    };
  };

  readonly request = (record: RequestRecord): void => {
    this.metrics.request(record);
    this.log.request(record);
  };

  readonly internalError = (error: unknown, requestId?: string): void => {
    this.metrics.internalError();
    this.log.internalError(error, requestId);
  };
}
