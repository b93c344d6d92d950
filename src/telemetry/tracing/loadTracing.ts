import type { Config } from '../../config/readConfig.js';
import type { Tracing } from './sdk.js';

/** Starts tracing where it is asked for: its packages are optional, so that they are loaded then only. */
export async function loadTracing(config: Config): Promise<Tracing | null> {
  if (!config.traces) return null;
  try {
    const { startTracing } = await import('./sdk.js');
    return startTracing();
  } catch (cause) {
    throw new Error('Traces are asked for, but the optional @opentelemetry packages are not installed', {
      cause,
    });
  }
}
