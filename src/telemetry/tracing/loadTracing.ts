import { isTracingEnabled } from '../../config/tracing.js';
import type { Config } from '../../config/variables.js';
import type { Tracing } from './sdk.js';

/** Starts tracing where it is asked for: its packages are optional, so that they are loaded then only. */
export async function loadTracing(config: Config['telemetry']): Promise<Tracing | null> {
  if (!isTracingEnabled(config)) return null;
  try {
    const { startTracing } = await import('./sdk.js');
    return startTracing();
  } catch (cause) {
    throw new Error('Traces are asked for, but the optional @opentelemetry packages are not installed', {
      cause,
    });
  }
}
