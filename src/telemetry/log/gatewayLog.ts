import type { OperationRecord, ReplayRecord } from '../../graphql/operationRecord.js';
import type { RequestRecord } from '../../http/server/requestRecord.js';
import type { UpstreamCall } from '../../linode/client/client.js';

/** Told what happens, in facts that hold no secret. */
export interface GatewayLog {
  operation(record: OperationRecord): void;
  /** Prepares to be told of an operation again and again; what it is told then stands for the same of the record. */
  prepareReplay(record: OperationRecord): (replay: ReplayRecord) => void;
  upstreamCall(call: UpstreamCall): void;
  /** Of every HTTP request, when its answer has left. */
  request(record: RequestRecord): void;
  /** A bug of ours, once for a request. */
  bug(error: unknown, requestId?: string): void;
}
