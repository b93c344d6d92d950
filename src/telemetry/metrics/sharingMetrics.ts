import { Histogram, type Registry } from 'prom-client';
import { registerGauge } from './gauge.js';

const COMMAND_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05];
const WAIT_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** How this process stands with the others that share its Redis. */
export interface SharingState {
  isAlone: boolean;
  /** Processes, as last known. */
  processes: number;
}

/** The metrics of a process that shares a Redis with others. */
export class SharingMetrics {
  readonly #commands;
  readonly #waits;

  constructor(registry: Registry, state: () => SharingState) {
    const registers = [registry];
    this.#commands = new Histogram({
      name: 'gateway_redis_command_duration_seconds',
      help: 'Duration of commands to Redis that were sent. Outcome failed: an error, or no response within 50 ms.',
      labelNames: ['outcome'],
      buckets: COMMAND_SECONDS,
      registers,
    });
    for (const outcome of ['succeeded', 'failed']) this.#commands.zero({ outcome });
    this.#waits = new Histogram({
      name: 'gateway_redis_lock_wait_seconds',
      help: 'How long a fetch waited for the same fetch of another process.',
      buckets: WAIT_SECONDS,
      registers,
    });
    registerGauge(
      registry,
      'gateway_redis_away',
      '1 while Redis is away and this process works alone.',
      'sum',
      () => Number(state().isAlone),
    );
    registerGauge(
      registry,
      'gateway_redis_processes',
      'Processes that share the Redis, as last known to this one.',
      'max',
      () => state().processes,
    );
  }

  command(durationMs: number, isSuccess: boolean): void {
    this.#commands.observe({ outcome: isSuccess ? 'succeeded' : 'failed' }, durationMs / 1000);
  }

  wait(durationMs: number): void {
    this.#waits.observe(durationMs / 1000);
  }
}
