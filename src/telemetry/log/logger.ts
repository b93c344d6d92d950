import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { isTracingEnabled } from '../../config/tracing.js';
import type { Config } from '../../config/variables.js';
import type { OperationRecord, ReplayRecord } from '../../graphql/operationRecord.js';
import type { GatewayLog } from './gatewayLog.js';
import { logStream } from './logStream.js';
import { logUnreadableRows } from './unreadableRows.js';
import { templateOf } from '../../linode/api/pathTemplate.js';

/** Logs lines of JSON to standard output; in a terminal they are formatted for reading. */
export async function createLogger(config: Config['telemetry']): Promise<Logger> {
  return loggerTo(await logDestination(), config);
}

export const loggerTo = (destination: DestinationStream, config: Config['telemetry']): Logger =>
  pino(loggerOptions(config), destination);

/** Standard output. */
export const logDestination = async (): Promise<DestinationStream> =>
  process.stdout.isTTY ? await pretty() : logStream(process.stdout.fd);

export const loggerOptions = (config: Config['telemetry']): LoggerOptions => ({
  level: config.logLevel,
  redact: ['authorization', 'token', '*.authorization', '*.token'],
  ...(isTracingEnabled(config) && { mixin: traceOf }),
});

async function pretty(): Promise<DestinationStream> {
  const { default: prettify } = await import('pino-pretty');
  return prettify({
    sync: true,
    singleLine: true,
    ignore: 'pid,hostname',
    translateTime: 'HH:MM:ss.l',
  });
}

function traceOf(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { traceId: span.traceId } : {};
}

/** One line for each operation, and for each request that failed before it became one. */
export const logOf = (logger: Logger): GatewayLog => {
  // Records hold no secrets, and redaction takes as long as writing them.
  const operations = logger.child({}, { redact: [] });
  const logRows = logUnreadableRows(logger);
  return {
    operation: (record) => {
      operations.info(record, 'operation');
    },
    prepareReplay: ({ name, type, caller, upstreamCalls, cache, errorCodes }) => {
      // Serialized once.
      const same: Omit<OperationRecord, keyof ReplayRecord> = {
        name,
        type,
        caller,
        upstreamCalls,
        cache,
        errorCodes,
      };
      const replays = operations.child(same);
      return (replay) => {
        replays.info(replay, 'operation');
      };
    },
    upstreamCall: ({ xFilter, path, unreadable, ...call }) => {
      if (unreadable) logRows(path, unreadable);
      logger.debug({ ...call, path: templateOf(path), isFiltered: xFilter !== null }, 'upstream call');
    },
    sessionProblem: (problem) => {
      logger.warn(problem);
    },
    upstreamProblem: (problem) => {
      logger.warn(`no response from Linode yet: ${problem}`);
    },
    sharing: ({ isAlone, processes }) => {
      if (isAlone) logger.warn({ processes }, 'Redis is away: this process works alone, within its share');
      else logger.info({ processes }, 'Redis is back: this process works with the others');
    },
    request: ({ isOperation, ...record }) => {
      if (isOperation) return;
      const isQuiet = record.route === 'health' || (record.status !== null && record.status < 400);
      logger[isQuiet ? 'debug' : 'info'](record, 'request');
    },
    internalError: (error, requestId) => {
      logger.error({ err: error, requestId }, 'internal error');
    },
  };
};
