import { createServer, type AddressInfo, type Socket } from 'node:net';

/** An upstream that responds to any request with these very bytes, whether they are HTTP or not. */
export interface RawUpstream {
  /** The API with its version. */
  url: string;
  /** Requests that arrived. */
  count: number;
  close(): Promise<void>;
}

/** @param answer writes to the socket when a request's headers are there */
export async function startRawUpstream(answer: (socket: Socket) => void): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      const requests = chunk.toString('latin1').split('\r\n\r\n').length - 1;
      for (let i = 0; i < requests; i++) {
        upstream.count++;
        answer(socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstream: RawUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4`,
    count: 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return upstream;
}
