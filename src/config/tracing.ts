import type { Config } from './variables.js';

/** Whether OpenTelemetry's own variables turn tracing on. */
export function isTracingEnabled(config: Config['telemetry']): boolean {
  if (config.otelSdkDisabled || config.tracesExporter === 'none') return false;
  return config.tracesExporter === 'otlp' || (config.otlpTracesEndpoint ?? config.otlpEndpoint) !== null;
}
