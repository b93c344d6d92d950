import { trace, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { VERSION } from '../../version.js';

const NAME = 'linode-images-graphql-gateway';

export interface Tracing {
  tracer: Tracer;
  /** Exports pending spans. Never rejects. */
  close(): Promise<void>;
}

/**
 * Starts OpenTelemetry's SDK, which reads its own standard variables. Its packages are optional and load only with
 * this file.
 */
export function startTracing(): Tracing {
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': NAME, 'service.version': VERSION }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return {
    tracer: trace.getTracer(NAME, VERSION),
    close: () => provider.shutdown().catch(() => undefined),
  };
}
