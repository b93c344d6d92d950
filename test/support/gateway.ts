import { join } from 'node:path';
import type { CatalogsSettings } from '../../src/catalog/catalogs.js';
import { readConfig } from '../../src/config/readConfig.js';
import { systemClock, type Clock } from '../../src/clock.js';
import { protectionOf } from '../../src/process/gatewayOptions.js';
import type { OperationRecord } from '../../src/graphql/operationRecord.js';
import { startGateway } from '../../src/gateway/gateway.js';
import type { Gateway, GatewayOptions } from '../../src/gateway/options.js';
import type { RequestRecord } from '../../src/http/server/requestRecord.js';
import type { UpstreamCall } from '../../src/linode/client/client.js';
import type { GatewayLog } from '../../src/telemetry/log/gatewayLog.js';

export const PACKAGE = join(__dirname, '..', '..');
export const GRAPHIQL_DIRECTORY = join(PACKAGE, 'dist', 'graphiql');

export interface TestGatewayOptions extends Partial<
  Omit<GatewayOptions, 'settings' | 'protection' | 'linodeApiUrl' | 'log'>
> {
  /** The sandbox's `url`, or another upstream's. */
  linodeApiUrl: string;
  clock?: Clock;
  settings?: Partial<CatalogsSettings>;
  /** Receives everything too. */
  log?: GatewayLog;
  /** Beside the defaults of the configuration. */
  protection?: Partial<GatewayOptions['protection']>;
}

/** The response to one operation over HTTP. */
export interface Answer<D> {
  status: number;
  headers: Headers;
  data: D;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  extensions: Record<string, unknown> | undefined;
  body: string;
}

export interface Ask {
  token?: string | null;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface TestGateway extends Gateway {
  /** Sends one operation over HTTP and reads the response, whose data the test knows the shape of. */
  ask<D = unknown>(query: string, how?: Ask): Promise<Answer<D>>;
  operations: OperationRecord[];
  upstreamCalls: UpstreamCall[];
  upstreamProblems: string[];
  sessionProblems: string[];
  /** HTTP requests whose responses were sent: a moment later than the client has them. */
  requests: RequestRecord[];
  bugs: { error: unknown; requestId: string | undefined }[];
}

/** A real gateway on loopback. */
export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const operations: OperationRecord[] = [];
  const upstreamCalls: UpstreamCall[] = [];
  const upstreamProblems: string[] = [];
  const sessionProblems: string[] = [];
  const requests: RequestRecord[] = [];
  const bugs: TestGateway['bugs'] = [];
  const { linodeApiUrl, settings, protection, log, ...rest } = options;
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    schemaDirectory: join(PACKAGE, 'schema'),
    introspection: true,
    explain: true,
    responseCache: true,
    clock: systemClock,
    awaitsUpstream: false,
    random: () => 0.5,
    imageRegionsExcept: readConfig({}).upstream.imageRegionsExcept,
    ...rest,
    linodeApiUrl: new URL(linodeApiUrl),
    settings: {
      maxAgeMs: 5000,
      anonymousMaxAgeMs: 60_000,
      staleIfErrorMs: 600_000,
      requestTimeoutMs: 10_000,
      maxCallers: 20_000,
      maxBytes: 256 * 1024 * 1024,
      ...settings,
    },
    protection: { ...protectionOf(readConfig({})), ...protection },
    log: {
      operation: (record) => {
        operations.push(record);
        log?.operation(record);
      },
      prepareReplay: (record) => {
        const report = log?.prepareReplay(record);
        return (replay) => {
          operations.push({ ...record, ...replay });
          report?.(replay);
        };
      },
      upstreamCall: (call) => {
        upstreamCalls.push(call);
        log?.upstreamCall(call);
      },
      upstreamProblem: (problem) => {
        upstreamProblems.push(problem);
        log?.upstreamProblem(problem);
      },
      sessionProblem: (problem) => {
        sessionProblems.push(problem);
        log?.sessionProblem(problem);
      },
      request: (record) => {
        requests.push(record);
        log?.request(record);
      },
      internalError: (error, requestId) => {
        bugs.push({ error, requestId });
        log?.internalError(error, requestId);
      },
    },
  });
  const ask = async <D>(query: string, how: Ask = {}): Promise<Answer<D>> => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(how.token && { authorization: `Bearer ${how.token}` }),
        ...how.headers,
      },
      body: JSON.stringify({ query, variables: how.variables }),
      ...(how.signal && { signal: how.signal }),
    });
    const body = await response.text();
    const { data, errors = [], extensions } = JSON.parse(body) as Answer<D>;
    return { status: response.status, headers: response.headers, data, errors, extensions, body };
  };
  return { ...gateway, ask, operations, upstreamCalls, upstreamProblems, sessionProblems, requests, bugs };
}
