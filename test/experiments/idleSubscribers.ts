import { WebSocket } from 'ws';
import { startGatewayProcess, type GatewayProcess } from '../support/gatewayProcess.js';
import { subscribe } from '../support/subscriber.js';
import { until } from '../support/until.js';

/** Of one caller, which is the bound of the configuration. */
const SUBSCRIBERS = 1000;
const AT_ONCE = 50;
/** What one idle subscriber may take, its connection included, in KB. */
const MAX_KILOBYTES = 40;
const TOKEN = 'alice-full';
/** Of nothing that exists: the subscription stays open and silent. */
const QUERY = 'subscription { imageChanges(filter: { label: { eq: "nothing" } }) { imageId } }';

/** What an idle subscriber costs in memory, over SSE and over WebSocket. Fails beyond the bound. */
export async function idleSubscribers(): Promise<void> {
  for (const [name, open] of [
    ['SSE', overSse],
    ['WebSocket', overWebSocket],
  ] as const) {
    const gateway = await startGatewayProcess();
    // The first ones load code.
    const first = await openAll(gateway, open, AT_ONCE);
    const base = (await gateway.measure()).rssBytes;
    const rest = await openAll(gateway, open, SUBSCRIBERS - AT_ONCE);
    const { rssBytes, bugs } = await gateway.measure();
    const kilobytes = (rssBytes - base) / 1024 / (SUBSCRIBERS - AT_ONCE);
    for (const close of [...first, ...rest]) close();
    gateway.stop();
    console.log(
      `${SUBSCRIBERS} idle subscribers over ${name}: ${kilobytes.toFixed(1)} KB each, ${bugs} bugs`,
    );
    if (kilobytes > MAX_KILOBYTES || bugs > 0) process.exitCode = 1;
  }
}

type Open = (gateway: GatewayProcess) => Promise<() => void>;

async function openAll(gateway: GatewayProcess, open: Open, count: number): Promise<(() => void)[]> {
  const closers: (() => void)[] = [];
  for (let i = 0; i < count; i += AT_ONCE)
    closers.push(
      ...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, () => open(gateway)))),
    );
  return closers;
}

async function overSse({ url }: GatewayProcess): Promise<() => void> {
  const subscriber = await subscribe(url, QUERY, { token: TOKEN });
  await until(() => subscriber.text.length > 0, 'the stream');
  return subscriber.close;
}

function overWebSocket({ url }: GatewayProcess): Promise<() => void> {
  const socket = new WebSocket(url.replace('http:', 'ws:'), 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${TOKEN}` } }));
    });
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data as Buffer)) as { type: string };
      if (type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
        socket.send(JSON.stringify({ type: 'ping' }));
      } else if (type === 'pong') {
        resolve(() => {
          socket.terminate();
        });
      }
    });
  });
}
