import type { IncomingMessage } from 'node:http';

/** How a stream of results is sent over HTTP. */
export type HttpTransport = 'sse' | 'multipart';

interface MediaRange {
  type: string;
  parameters: ReadonlyMap<string, string>;
}

/**
 * The transport for streams that a request names in `Accept`; undefined if it names none. A wildcard names none: what
 * accepts anything expects one response.
 */
export function acceptedStream({ headers }: Pick<IncomingMessage, 'headers'>): HttpTransport | undefined {
  const ranges = (headers.accept ?? '').split(',').map(parseRange);
  const accepted = ranges.filter(({ parameters }) => Number(parameters.get('q') ?? 1) > 0);
  if (accepted.some(({ type }) => type === 'text/event-stream')) return 'sse';
  const isMultipart = ({ type, parameters }: MediaRange): boolean =>
    type === 'multipart/mixed' && parameters.get('subscriptionSpec'.toLowerCase()) === '1.0';
  return accepted.some(isMultipart) ? 'multipart' : undefined;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const entries = parameters.map((parameter): [string, string] => {
    const [name = '', value = ''] = parameter.split('=', 2);
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
  });
  return { type: type.toLowerCase(), parameters: new Map(entries) };
}
