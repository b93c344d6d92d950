import { createServer, type AddressInfo, type Socket } from 'node:net';

/** One request as it came off the wire. */
export interface SeenRequest {
  /** `GET /v4/images/private%2F7 HTTP/1.1` */
  line: string;
  /** Header lines as they were written. */
  headers: string[];
  body: string;
  /** Which connection it came on, from 1. */
  connection: number;
}

export interface WireUpstream {
  /** With its version path. */
  url: string;
  requests: SeenRequest[];
  connections(): number;
  close(): Promise<void>;
}

/** An upstream without any HTTP of its own: `answer` writes to the socket what it likes, for the n-th request from 1. */
export async function startWireUpstream(
  answer: (socket: Socket, n: number, request: SeenRequest) => unknown,
): Promise<WireUpstream> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    let text = '';
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        const [line = '', ...headers] = text.slice(0, end).split('\r\n');
        const length = Number(/content-length: (\d+)/i.exec(headers.join('\n'))?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        const request = { line, headers, body: text.slice(end + 4, end + 4 + length), connection };
        text = text.slice(end + 4 + length);
        requests.push(request);
        answer(socket, requests.length, request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4`,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A whole response; `headers` are lines. */
export function http(status: number, body: string, ...headers: string[]): string {
  const lines = [`HTTP/1.1 ${status} X`, 'Content-Type: application/json', ...headers];
  return [...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
