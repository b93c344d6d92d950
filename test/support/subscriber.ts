import { request, type IncomingMessage } from 'node:http';

/** One result as a subscriber receives it. */
export interface Received<D = Record<string, unknown>> {
  data?: D | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  extensions?: { stale?: { ageSeconds: number } };
}

export interface SubscribeOptions {
  token?: string | null;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** Sent in place of a body with the query, such as a persisted operation's. */
  body?: object;
  method?: 'GET' | 'POST';
}

/** A subscriber over SSE that reads bytes, and no more than GraphQL over SSE says. */
export interface Subscriber<D = Record<string, unknown>> {
  status: number;
  headers: IncomingMessage['headers'];
  results: Received<D>[];
  /** Comments, which keep the connection alive. */
  readonly comments: number;
  /** Whether the server said that the subscription is complete. */
  readonly isComplete: boolean;
  /** Whether the connection has ended. */
  readonly hasEnded: boolean;
  /** All bytes. */
  readonly text: string;
  /** Leaves. */
  close(): void;
  /** Stops to read; goes on with `resume`. */
  pause(): void;
  resume(): void;
}

/** Subscribes, and resolves once the head of the response is there. */
export function subscribe<D = Record<string, unknown>>(
  url: string,
  query: string,
  { token, variables, headers = {}, body, method = 'POST' }: SubscribeOptions = {},
): Promise<Subscriber<D>> {
  const payload = body ?? { query, variables };
  const target = new URL(url);
  if (method === 'GET') {
    for (const [name, value] of Object.entries(payload)) {
      if (value !== undefined)
        target.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
  }
  return new Promise((resolve, reject) => {
    const req = request(target, {
      method,
      agent: false,
      headers: {
        accept: 'text/event-stream',
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    req.on('error', reject);
    req.on('response', (res) => {
      resolve(read<D>(res));
    });
    req.end(method === 'POST' ? JSON.stringify(payload) : undefined);
  });
}

function read<D>(res: IncomingMessage): Subscriber<D> {
  let text = '';
  let rest = '';
  let comments = 0;
  let isComplete = false;
  let hasEnded = false;
  const results: Received<D>[] = [];
  res.setEncoding('utf8');
  res.on('error', () => undefined);
  res.on('close', () => (hasEnded = true));
  res.on('data', (chunk: string) => {
    text += chunk;
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => line.split(/: ?(.*)/s));
      const of = (name: string): string | undefined => fields.find(([field]) => field === name)?.[1];
      if (block.startsWith(':')) comments++;
      else if (of('event') === 'next') results.push(JSON.parse(of('data') ?? '') as Received<D>);
      else if (of('event') === 'complete' && of('data') !== undefined) isComplete = true;
    }
  });
  return {
    status: res.statusCode ?? 0,
    headers: res.headers,
    results,
    get comments() {
      return comments;
    },
    get isComplete() {
      return isComplete;
    },
    get hasEnded() {
      return hasEnded;
    },
    get text() {
      return text;
    },
    close: () => res.destroy(),
    pause: () => res.pause(),
    resume: () => res.resume(),
  };
}
