import type { IncomingMessage } from 'node:http';

const MAX_TEXT_BYTES = 10 * 1024 * 1024;

/** Reads the body as text, truncated to 10 MB. */
export function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return consume(message, (chunk) => {
    bytes += chunk.length;
    if (bytes <= MAX_TEXT_BYTES) chunks.push(chunk);
  }).then(() => Buffer.concat(chunks).toString('utf8'));
}

/** Reads and discards the body; returns its length in bytes. */
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
