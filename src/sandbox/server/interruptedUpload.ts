import type { IncomingMessage } from 'node:http';
import type { Fault } from './faults.js';

/** Whether the fault interrupts a request while its body arrives. */
export const interruptsUpload = ({ reset, hang }: Fault): boolean =>
  reset === 'mid-upload' || hang === 'mid-upload';

/** Reads half of the body, then resets the connection, or reads no more and never responds. */
export function interruptUpload(message: IncomingMessage, { reset }: Fault): void {
  const half = Number(message.headers['content-length'] ?? 0) / 2;
  let bytes = 0;
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes < half) return;
    if (reset) message.socket.resetAndDestroy();
    else message.pause();
  });
  // The client leaves.
  message.on('error', () => undefined);
}
