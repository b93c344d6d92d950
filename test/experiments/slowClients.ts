import { connect, type Socket } from 'node:net';
import { startGatewayProcess } from '../support/gatewayProcess.js';

const CLIENT_TIMEOUT_MS = 10_000;
const READERS = 1000;
const HOARDERS = 40;
const IDLE = 10_000;
const QUERIES = 500;
const NODES =
  'nodes { id label description created updated createdBy isPublic deprecated size type status capabilities vendor expiry eol }';
const PAGE = JSON.stringify({ query: `{ images(first: 500) { ${NODES} } }` });
const FORTY_PAGES = JSON.stringify({
  query: `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: images(first: 500) { ...F }`).join(' ')} } fragment F on ImageConnection { ${NODES} }`,
});

/** E18 and E19: clients that read a byte a second, and sockets that say nothing. */
export async function slowClients(): Promise<void> {
  const gateway = await startGatewayProcess({
    images: 450,
    protection: { clientTimeoutMs: CLIENT_TIMEOUT_MS },
  });
  const port = Number(new URL(gateway.url).port);
  const ask = async (): Promise<number> => {
    const startedAt = performance.now();
    const headers = { 'content-type': 'application/json', authorization: 'Bearer many' };
    await (await fetch(gateway.url, { method: 'POST', headers, body: PAGE })).arrayBuffer();
    return performance.now() - startedAt;
  };
  const p99 = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < QUERIES; i++) times.push(await ask());
    return times.sort((a, b) => a - b)[Math.floor(QUERIES * 0.99)] ?? 0;
  };
  for (let i = 0; i < 300; i++) await ask();

  const base = (await gateway.measure()).rssBytes;
  const readers = await Promise.all(Array.from({ length: READERS }, () => open(port)));
  for (const reader of readers) send(reader, PAGE);
  const drip = setInterval(() => {
    for (const reader of readers) reader.read(1);
  }, 1000);
  await sleep(CLIENT_TIMEOUT_MS / 2);
  const during = (await gateway.measure()).rssBytes;
  clearInterval(drip);
  for (const reader of readers) reader.destroy();
  console.log(
    `E18 ${READERS} clients that read a byte a second: memory ${megabytes(during - base)} MB over base`,
  );

  const hoarders = await Promise.all(Array.from({ length: HOARDERS }, () => open(port)));
  const ended = hoarders.map((hoarder) => new Promise((resolve) => hoarder.once('close', resolve)));
  for (const hoarder of hoarders) send(hoarder, FORTY_PAGES);
  await sleep(CLIENT_TIMEOUT_MS / 2);
  const hoarded = (await gateway.measure()).rssBytes;
  await sleep(CLIENT_TIMEOUT_MS);
  const { connections } = await gateway.measure();
  console.log(
    `E18 ${HOARDERS} clients that read nothing of 10 MB: memory ${megabytes(hoarded - base)} MB over base; ${connections} connected after the timeout`,
  );
  for (const hoarder of hoarders) hoarder.destroy();
  await Promise.all(ended);

  const quiet = await p99();
  const idle: Socket[] = [];
  for (let i = 0; i < IDLE; i += 500)
    idle.push(...(await Promise.all(Array.from({ length: 500 }, () => open(port)))));
  const crowded = await p99();
  await sleep(CLIENT_TIMEOUT_MS);
  const { connections: left } = await gateway.measure();
  console.log(
    `E19 ${IDLE} sockets that say nothing: p99 of others ${crowded.toFixed(1)} ms, without them ${quiet.toFixed(1)} ms; ${left} connected after the timeout`,
  );
  for (const socket of idle) socket.destroy();
  gateway.stop();
}

function send(socket: Socket, body: string): void {
  socket.pause();
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer many\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
