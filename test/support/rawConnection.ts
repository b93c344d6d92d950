import { connect, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A bare connection to the gateway; `closed` resolves with all that came when it is closed. */
export function openRaw({ gateway }: { gateway: { url: string } }): {
  socket: Socket;
  closed: Promise<string>;
} {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  sockets.push(socket);
  const closed = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  return { socket, closed };
}
