import type { IncomingMessage } from 'node:http';

const MAX_TEXT_BYTES = 10 * 1024 * 1024;

/** The body as text, at most 10 MB of it. */
export function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return consume(message, (chunk) => {
    bytes += chunk.length;
    if (bytes <= MAX_TEXT_BYTES) chunks.push(chunk);
  }).then(() => Buffer.concat(chunks).toString('utf8'));
}

/** The length of the body in bytes, of which none is kept. */
export function countBytes(message: IncomingMessage): Promise<number> {
  let bytes = 0;
  return consume(message, (chunk) => {
    bytes += chunk.length;
  }).then(() => bytes);
}

function consume(message: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    message.on('data', take).on('end', resolve).on('error', reject).on('close', reject);
  });
}
