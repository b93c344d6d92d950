import type { RequestListener } from 'node:http';
import { SpanKind, SpanStatusCode, context, propagation, trace, type Tracer } from '@opentelemetry/api';
import { routeOf } from '../../http/server/requestRecord.js';
import { trackedOf } from '../../http/server/trackedMessages.js';

/** Answers GraphQL requests within a span of theirs, which continues the client's trace where it sent one. */
export const traceRequests =
  (tracer: Tracer, answer: RequestListener): RequestListener =>
  (req, res) => {
    if (routeOf(req.url ?? '/') !== 'graphql') {
      answer(req, res);
      return;
    }
    const parent = propagation.extract(context.active(), req.headers);
    const method = req.method ?? '';
    const span = tracer.startSpan(
      `${method} /graphql`,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': '/graphql' } },
      parent,
    );
    const request = trackedOf(res);
    request.whenClosed(() => {
      const { requestId } = request;
      if (requestId !== null) span.setAttribute('gateway.request_id', requestId);
      if (res.headersSent) span.setAttribute('http.response.status_code', res.statusCode);
      if (!res.writableFinished || res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(parent, span), () => {
      answer(req, res);
    });
  };
