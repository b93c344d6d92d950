import type { Logger } from 'pino';

/** What ends in order when the process is told to. */
export interface Ending {
  /** How long to go on accepting while readiness says no. */
  drainDelayMs: number;
  /** When to end at the latest, the delay included. */
  drainTimeoutMs: number;
  unready(): void;
  /** Lets what is under way end. */
  close(): Promise<void>;
}

const SIGNALS = { SIGTERM: 15, SIGINT: 2 } as const;

/**
 * Ends the process in order on SIGTERM or SIGINT: readiness falls, the delay passes, work ends, exit 0. A second
 * signal ends it at once with 128 and the signal's number; so does the first one before there is anything to end.
 * @returns what to tell when there is
 */
export function endOnSignals(logger: Logger): (ending: Ending) => void {
  let started: Ending | undefined;
  let isEnding = false;
  const onSignal = (signal: keyof typeof SIGNALS): void => {
    if (isEnding || !started) process.exit(128 + SIGNALS[signal]);
    isEnding = true;
    end(started, signal, logger);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return (ending) => {
    started = ending;
  };
}

function end(ending: Ending, signal: string, logger: Logger): void {
  const { drainDelayMs, drainTimeoutMs } = ending;
  logger.info({ signal, drainDelayMs, drainTimeoutMs }, 'draining');
  setTimeout(() => {
    logger.warn('the drain took too long: what is still under way is cut off');
    process.exit(0);
  }, drainTimeoutMs).unref();
  ending.unready();
  setTimeout(() => {
    ending.close().then(
      () => {
        logger.info('drained');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'the drain failed');
        process.exit(1);
      },
    );
  }, drainDelayMs);
}

/** Logs what nobody caught, a rejection included, once, and ends the process with 1: its state can't be trusted. */
export function endOnCrash(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'nobody caught this: the process ends');
    process.exit(1);
  });
}
