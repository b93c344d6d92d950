import type { Logger } from 'pino';

/** How a process drains and stops. */
export interface Shutdown {
  /** How long to keep accepting requests while readiness reports 503. */
  drainDelayMs: number;
  /** When to exit at the latest, the delay included. */
  drainTimeoutMs: number;
  unready(): void;
  /** Resolves when no work is in flight. */
  close(): Promise<void>;
}

const SIGNALS = { SIGTERM: 15, SIGINT: 2 } as const;

/**
 * Drains on SIGTERM or SIGINT: readiness reports 503, the delay passes, work in flight ends, exit 0. A second signal
 * exits at once with 128 plus the signal's number; so does the first one during startup.
 * @returns a function to call with the shutdown once startup is complete
 */
export function drainOnSignals(logger: Logger): (shutdown: Shutdown) => void {
  let started: Shutdown | undefined;
  let isDraining = false;
  const onSignal = (signal: keyof typeof SIGNALS): void => {
    if (isDraining || !started) process.exit(128 + SIGNALS[signal]);
    isDraining = true;
    drain(started, signal, logger);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return (shutdown) => {
    started = shutdown;
  };
}

function drain(shutdown: Shutdown, signal: string, logger: Logger): void {
  const { drainDelayMs, drainTimeoutMs } = shutdown;
  logger.info({ signal, drainDelayMs, drainTimeoutMs }, 'draining');
  setTimeout(() => {
    logger.warn('drain timeout exceeded, exiting');
    process.exit(0);
  }, drainTimeoutMs).unref();
  shutdown.unready();
  setTimeout(() => {
    shutdown.close().then(
      () => {
        logger.info('drained');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'drain failed, exiting');
        process.exit(1);
      },
    );
  }, drainDelayMs);
}

/** Logs an uncaught exception or rejection and exits with 1: the state of the process is unknown. */
export function exitOnUncaughtException(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception, exiting');
    process.exit(1);
  });
}
