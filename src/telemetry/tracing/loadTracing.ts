import { isTracingEnabled } from '../../config/tracing.js';
import type { Config } from '../../config/variables.js';
import type { Tracing } from './sdk.js';

/** Starts tracing if it is enabled. Its packages are optional, so they are loaded only then. */
export async function loadTracing(config: Config['telemetry']): Promise<Tracing | null> {
  if (!isTracingEnabled(config)) return null;
  try {
    const { startTracing } = await import('./sdk.js');
    return startTracing();
  } catch (cause) {
    throw new Error('Tracing is enabled, but the optional @opentelemetry packages are not installed', {
      cause,
    });
  }
}
