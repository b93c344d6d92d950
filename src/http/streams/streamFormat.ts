import type { HttpTransport } from './acceptedStream.js';

/** How the results of a stream are written. */
export interface StreamFormat {
  contentType: string;
  /** What is sent at once, so that the client knows that the stream is open. */
  opening: string;
  /** @param json one result */
  event(json: string): string;
  /** What keeps proxies from closing an idle connection. */
  keepAlive: string;
  /** The end. */
  completion: string;
}

/** GraphQL over SSE, distinct connections mode. EventSource ignores an event without a `data` line. */
const SSE: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  event: (json) => `event: next\ndata: ${json}\n\n`,
  keepAlive: ':\n\n',
  completion: 'event: complete\ndata: \n\n',
};

const BOUNDARY = '--graphql';
const PART = '\r\nContent-Type: application/json; charset=utf-8\r\n\r\n';

/** Multipart subscriptions over HTTP. Each part ends with the next boundary, for which parsers wait. */
const MULTIPART: StreamFormat = {
  contentType: 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0',
  opening: BOUNDARY,
  event: (json) => `${PART}{"payload":${json}}\r\n${BOUNDARY}`,
  keepAlive: `${PART}{}\r\n${BOUNDARY}`,
  completion: '--\r\n',
};

export const FORMATS: Readonly<Record<HttpTransport, StreamFormat>> = { sse: SSE, multipart: MULTIPART };
