import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { templateOf } from '../../linode/api/pathTemplate.js';
import type { Transport, WireRequest } from '../../linode/client/transport.js';

/** A transport whose every request is a span. Nothing of the trace travels to Linode. */
export const traceTransport = (tracer: Tracer, transport: Transport, host: string): Transport => ({
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
