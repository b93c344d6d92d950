import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Tells each answer that its connection is gone. Node tells only the one whose turn it is: those queued behind it,
 * to requests that came before it had left, would be waited for without end.
 */
export function closeQueuedAnswers(server: Server): void {
  const queues = new WeakMap<Socket, Set<ServerResponse>>();
  server.prependListener('request', ({ socket }: IncomingMessage, res: ServerResponse) => {
    if (res.socket) return;
    const queue = queues.get(socket) ?? openQueue(socket);
    queue.add(res);
    res.once('close', () => {
      queue.delete(res);
    });
  });

  function openQueue(socket: Socket): Set<ServerResponse> {
    const queue = new Set<ServerResponse>();
    queues.set(socket, queue);
    socket.once('close', () => {
      for (const res of queue) if (!res.socket) res.emit('close');
    });
    return queue;
  }
}
