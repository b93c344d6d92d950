import { performance } from 'node:perf_hooks';
import { startGateway, startPlain, type Setup } from './contenders.js';
import type { Form } from './form.js';
import { Connection, requestText } from './load/connection.js';
import { median } from './load/measurement.js';
import { instantiate, operation, takeNumbers, type Operation } from './operation.js';
import {
  FIRST_TIME_ACCOUNTS,
  firstTimeImageId,
  firstTimeToken,
  WARM_UP_CALLERS,
  warmUpImageId,
  warmUpToken,
} from './upstream/population.js';

/** How long a caller's very first read takes, and how long the same takes without a gateway: medians in ms. */
export interface FirstRead {
  title: string;
  form: Form;
  delayMs: number;
  gatewayMs: number;
  plainMs: number;
  /** The one call upstream that it takes, made by hand. */
  upstreamMs: number;
}

/** A caller's token, and one of its images. */
interface Caller {
  token: string;
  imageId: string;
}

interface Kind {
  title: string;
  operation: (caller: Caller) => Operation;
  path: (caller: Caller) => string;
}

const KINDS: readonly Kind[] = [
  {
    title: '20 images, 2 fields',
    operation: ({ token }) => operation(token, '{ images(first: 20) { nodes { id label } } }'),
    path: () => '/images?page_size=500',
  },
  {
    title: 'one image, 4 fields',
    operation: ({ token, imageId }) =>
      operation(token, `{ image(id: "${imageId}") { id label vendor size } }`),
    path: ({ imageId }) => `/images/${encodeURIComponent(imageId)}`,
  },
];

/** Every account is read once in all: a third each through the gateway, through plain, and directly. */
const ACCOUNTS = FIRST_TIME_ACCOUNTS / KINDS.length / 3;
/** Nothing of these is cached either; they warm up the code. */
const WARM_UPS = WARM_UP_CALLERS / KINDS.length;
const WARM_UPS_AT_ONCE = 16;

/** The median of 200 callers' first reads, one after the other, after 2,000 others. */
export async function measureFirstReads(setup: Setup, form: Form, delayMs: number): Promise<FirstRead[]> {
  const gateway = await startGateway(setup, form);
  const plain = await startPlain(setup);
  try {
    const results: FirstRead[] = [];
    for (const [i, kind] of KINDS.entries()) {
      const post = (url: string) => (caller: Caller) => {
        const { headers, body } = instantiate(kind.operation(caller), form, takeNumbers(1));
        return requestText(new URL(url), 'POST', headers, body);
      };
      const get = (caller: Caller) =>
        requestText(new URL(setup.linodeApiUrl + kind.path(caller)), 'GET', {
          Authorization: `Bearer ${caller.token}`,
        });
      const warmUps = callers(i * WARM_UPS, WARM_UPS, warmUpToken, warmUpImageId);
      const counted = (third: number) =>
        callers((i * 3 + third) * ACCOUNTS, ACCOUNTS, firstTimeToken, firstTimeImageId);
      results.push({
        title: kind.title,
        form,
        delayMs,
        gatewayMs: await medianOf(gateway.url, warmUps, counted(0), post(gateway.url)),
        plainMs: await medianOf(plain.url, warmUps, counted(1), post(plain.url)),
        upstreamMs: await medianOf(setup.linodeApiUrl, warmUps, counted(2), get),
      });
    }
    return results;
  } finally {
    await Promise.all([gateway.server.stop(), plain.server.stop()]);
  }
}

function callers(
  first: number,
  count: number,
  tokenOf: (caller: number) => string,
  imageIdOf: (caller: number, image: number) => string,
): Caller[] {
  return Array.from({ length: count }, (_, i) => ({
    token: tokenOf(first + i),
    imageId: imageIdOf(first + i, 0),
  }));
}

async function medianOf(
  url: string,
  warmUps: readonly Caller[],
  counted: readonly Caller[],
  request: (caller: Caller) => string,
): Promise<number> {
  const waiting = [...warmUps];
  await Promise.all(
    Array.from({ length: WARM_UPS_AT_ONCE }, async () => {
      const connection = await Connection.open(new URL(url));
      for (let next = waiting.pop(); next; next = waiting.pop()) await send(connection, request(next), url);
      connection.close();
    }),
  );
  const connection = await Connection.open(new URL(url));
  const latencies: number[] = [];
  for (const caller of counted) {
    const text = request(caller);
    const sentAt = performance.now();
    await send(connection, text, url);
    latencies.push(performance.now() - sentAt);
  }
  connection.close();
  return median(latencies);
}

async function send(connection: Connection, text: string, url: string): Promise<void> {
  const { status } = await connection.request(text);
  if (status !== 200) throw new Error(`${url} responded with ${status}`);
}
