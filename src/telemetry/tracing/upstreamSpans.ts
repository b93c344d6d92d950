import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { templateOf } from '../../linode/api/pathTemplate.js';
import type { Transport, WireRequest } from '../../linode/client/wire.js';

/**
 * Wraps a transport so that every request is a span; undefined without a tracer. Trace headers are not sent to Linode.
 * @param host Linode's, for the attribute `server.address`
 */
export const upstreamTracing = (tracer: Tracer | undefined, host: string) =>
  tracer && ((transport: Transport): Transport => traceTransport(tracer, transport, host));

const traceTransport = (tracer: Tracer, transport: Transport, host: string): Transport => ({
  send: (request) =>
    tracer.startActiveSpan(
      `${request.method} ${templateOf(request.path)}`,
      { kind: SpanKind.CLIENT, attributes: attributesOf(request, host) },
      async (span) => {
        try {
          const response = await transport.send(request);
          span.setAttribute('http.response.status_code', response.status);
          if (response.status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
          return response;
        } catch (error) {
          const name = error instanceof Error ? error.name : 'Error';
          span.setAttribute('error.type', name).setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      },
    ),
  close: () => transport.close(),
});

const attributesOf = ({ method, path }: WireRequest, host: string) => ({
  'http.request.method': method,
  'server.address': host,
  'url.template': templateOf(path),
});
