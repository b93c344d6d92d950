import type { OperationRecord, ReplayRecord } from '../../graphql/operationRecord.js';
import type { RequestRecord } from '../../http/server/requestRecord.js';
import type { UpstreamCall } from '../../linode/client/client.js';

/** Receives what a gateway does, in records that hold no secrets. */
export interface GatewayLog {
  operation(record: OperationRecord): void;
  /** Prepares to log an operation whose response is served again: replays share all but the fields of their record. */
  prepareReplay(record: OperationRecord): (replay: ReplayRecord) => void;
  upstreamCall(call: UpstreamCall): void;
  /** Receives why Linode has not responded since startup, and what to check. */
  upstreamProblem(problem: string): void;
  /** Receives why a sign-in, a refresh or a revocation failed. Names no user and holds no token. */
  sessionProblem(problem: string): void;
  /** Receives that Redis is away, or is back. */
  sharing?(state: { isAlone: boolean; processes: number }): void;
  /** Receives every HTTP request when its response was sent. */
  request(record: RequestRecord): void;
  /** Receives a bug of the gateway, once per request. */
  internalError(error: unknown, requestId?: string): void;
}
