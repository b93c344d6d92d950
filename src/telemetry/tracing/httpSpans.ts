import { SpanKind, SpanStatusCode, context, propagation, trace, type Tracer } from '@opentelemetry/api';
import type { TrackedRequest } from '../../http/server/trackedRequest.js';

/** Handles GraphQL requests within a span of their own, which continues the client's trace if it sent one. */
export const traceRequests =
  (tracer: Tracer) =>
  (request: TrackedRequest, next: () => void): void => {
    if (request.route !== 'graphql') {
      next();
      return;
    }
    const { req, res } = request;
    const parent = propagation.extract(context.active(), req.headers);
    const method = req.method ?? '';
    const span = tracer.startSpan(
      `${method} /graphql`,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': '/graphql' } },
      parent,
    );
    request.whenClosed(() => {
      if (request.requestId !== null) span.setAttribute('gateway.request_id', request.requestId);
      if (res.headersSent) span.setAttribute('http.response.status_code', res.statusCode);
      if (!res.writableFinished || res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(parent, span), next);
  };

/** Keeps the active span in a callback of an emitter, which would lose it. */
export const bindTrace = <F>(callback: F): F => context.bind(context.active(), callback);
