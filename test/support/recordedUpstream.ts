import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** One exchange with the real API; its path is decoded and has no version prefix. */
export interface Exchange {
  request: { method: string; path: string; body: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
}

/** What the gateway sent: the request line as sent, and the body as JSON. */
export interface RecordedRequest {
  line: string;
  body: unknown;
}

export interface RecordedUpstream {
  /** With its version path. */
  url: string;
  requests: RecordedRequest[];
  close(): Promise<void>;
}

export const readRecording = (folder: string, name: string): Exchange[] =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Exchange[];

/** Responds to each method and path as recorded, in order, whatever the query; 599 past the last. */
export async function startRecordedUpstream(exchanges: readonly Exchange[]): Promise<RecordedUpstream> {
  const left = [...exchanges];
  const requests: RecordedRequest[] = [];
  const server = createServer((message, response) => {
    void readText(message).then((text) => {
      const { method = '', url = '' } = message;
      const path = decodeURIComponent(url.replace(/^\/v4/, '').replace(/\?.*/, ''));
      requests.push({ line: `${method} ${url}`, body: text === '' ? null : JSON.parse(text) });
      const i = left.findIndex(({ request }) => request.method === method && request.path === path);
      const [found] = i === -1 ? [] : left.splice(i, 1);
      if (!found) return void response.writeHead(599).end(`nothing is recorded for ${method} ${path}`);
      const { status, headers, body } = found.response;
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v4`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readText(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message) text += String(chunk);
  return text;
}
