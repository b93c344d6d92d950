import { gzipSync } from 'node:zlib';
import type { Socket } from 'node:net';
import { startGatewayProcess } from '../support/gatewayProcess.js';
import { startRawUpstream } from '../support/rawUpstream.js';

const MEGABYTE = 2 ** 20;
const head = (...headers: string[]): string =>
  ['HTTP/1.1 200 OK', 'Content-Type: application/json', 'Connection: close', ...headers, '', ''].join('\r\n');

const ANSWERS: Record<string, (socket: Socket) => void> = {
  'a body of 500 MB, its length told': (socket) => {
    socket.write(head(`Content-Length: ${500 * MEGABYTE}`));
    pour(socket, 500);
  },
  'a body of 500 MB, its length not told': (socket) => {
    socket.write(head());
    pour(socket, 500);
  },
  'a gzip bomb of 100 MB': (socket) => {
    const bomb = gzipSync(Buffer.alloc(100 * MEGABYTE));
    socket.write(head('Content-Encoding: gzip', `Content-Length: ${bomb.length}`));
    socket.end(bomb);
  },
  'a header of 100 KB': (socket) => socket.end(head(`X-Long: ${'x'.repeat(100_000)}`)),
};

/** E7: what answers cost that are far too large. E8: answers that are read late while the connection closes. */
export async function brokenUpstream(): Promise<void> {
  for (const [name, answer] of Object.entries(ANSWERS)) {
    const upstream = await startRawUpstream(answer);
    const gateway = await startGatewayProcess({ linodeApiUrl: upstream.url });
    await ask(gateway.url, 'first');
    const before = await gateway.measure();
    const startedAt = performance.now();
    const code = await ask(gateway.url, 'second');
    const ms = performance.now() - startedAt;
    const after = await gateway.measure();
    const rise = Math.max(0, after.rssBytes - before.rssBytes) / MEGABYTE;
    console.log(`E7 ${name}: ${code} after ${ms.toFixed(0)} ms, memory +${rise.toFixed(1)} MB`);
    gateway.stop();
    await upstream.close();
  }
  await readLate(10_000);
}

async function readLate(times: number): Promise<void> {
  const page = Buffer.from(
    JSON.stringify({ data: [], page: 1, pages: 1, results: 0, padding: 'x'.repeat(70_000) }),
  );
  const upstream = await startRawUpstream((socket) => {
    socket.write(head(`Content-Length: ${page.length}`));
    socket.write(page.subarray(0, 40_000), () => socket.end(page.subarray(40_000)));
  });
  const gateway = await startGatewayProcess({ linodeApiUrl: upstream.url });
  const codes: Record<string, number> = {};
  for (let i = 0; i < times; i += 20) {
    const answers = Array.from({ length: 20 }, (_, j) => ask(gateway.url, `caller-${i + j}`));
    for (const code of await Promise.all(answers)) codes[code] = (codes[code] ?? 0) + 1;
  }
  console.log(
    `E8 ${upstream.count} answers of 70 KB with Connection: close:`,
    codes,
    gateway.exitCode() === null ? 'the process lives' : 'the process died',
  );
  gateway.stop();
  await upstream.close();
}

function pour(socket: Socket, megabytes: number): void {
  let left = megabytes;
  const chunk = Buffer.alloc(MEGABYTE, ' ');
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left--;
      if (!socket.write(chunk)) {
        socket.once('drain', more);
        return;
      }
    }
    socket.end();
  };
  more();
}

async function ask(url: string, token: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ images { totalCount } }"}',
  });
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? 'an answer';
}
