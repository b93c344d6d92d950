import type { Tracer } from '@opentelemetry/api';
import type { Registry } from 'prom-client';
import { createUpstream, type Upstream, type UpstreamOptions } from '../catalog/upstream.js';
import type { GatewayLog } from '../telemetry/log/gatewayLog.js';
import { UpstreamMetrics } from '../telemetry/metrics/upstreamMetrics.js';
import { upstreamTracing } from '../telemetry/tracing/upstreamSpans.js';

/** The upstream of a process that calls Linode, with logs, metrics and traces of every call. */
export function createObservedUpstream(
  options: Omit<UpstreamOptions, 'onCall' | 'wrapTransport'>,
  {
    registry,
    log,
    tracer,
  }: { registry: Registry; log: Pick<GatewayLog, 'upstreamCall'>; tracer?: Tracer | undefined },
): Upstream {
  const upstream = createUpstream({
    ...options,
    wrapTransport: upstreamTracing(tracer, options.linodeApiUrl.host),
    onCall: (call) => {
      metrics.call(call);
      log.upstreamCall(call);
    },
  });
  const metrics = new UpstreamMetrics(registry, options.settings, () => upstream.state);
  return upstream;
}
