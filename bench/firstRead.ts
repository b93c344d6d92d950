import { performance } from 'node:perf_hooks';
import { startGateway, startPlain, type Field } from './contenders.js';
import { Connection, requestText } from './load/connection.js';
import { median } from './load/measurement.js';
import { bodyOf, headersOf, question, type Question } from './question.js';
import { FIRST_TIME_ACCOUNTS, firstTimeImageId, firstTimeToken } from './upstream/population.js';

/** How long a caller's very first read takes, and how long the same takes without a gateway: medians in ms. */
export interface FirstRead {
  title: string;
  delayMs: number;
  gatewayMs: number;
  plainMs: number;
  /** The one call upstream that it takes, made by hand. */
  upstreamMs: number;
}

interface Kind {
  title: string;
  ask: (account: number) => Question;
  path: (account: number) => string;
}

const KINDS: readonly Kind[] = [
  {
    title: '20 images, 2 fields',
    ask: (account) => question(firstTimeToken(account), '{ images(first: 20) { nodes { id label } } }'),
    path: () => '/images?page_size=500',
  },
  {
    title: 'one image, 4 fields',
    ask: (account) =>
      question(
        firstTimeToken(account),
        `{ image(id: "${firstTimeImageId(account, 0)}") { id label vendor size } }`,
      ),
    path: (account) => `/images/${encodeURIComponent(firstTimeImageId(account, 0))}`,
  },
];

/** Every account is asked once in all: a third each by the gateway, by plain, and directly. */
const ACCOUNTS = FIRST_TIME_ACCOUNTS / KINDS.length / 3;
/** Those whose answers warm the code and are not counted. */
const WARM_UP = 150;

export async function measureFirstReads(field: Field, delayMs: number): Promise<FirstRead[]> {
  const gateway = await startGateway(field);
  const plain = await startPlain(field);
  try {
    const results: FirstRead[] = [];
    for (const [i, kind] of KINDS.entries()) {
      const first = i * ACCOUNTS * 3;
      const post = (url: string) => (account: number) => {
        const asked = kind.ask(account);
        return requestText(new URL(url), 'POST', headersOf(asked), bodyOf(asked, 0));
      };
      const get = (account: number) =>
        requestText(new URL(field.linodeApiUrl + kind.path(account)), 'GET', {
          Authorization: `Bearer ${firstTimeToken(account)}`,
        });
      results.push({
        title: kind.title,
        delayMs,
        gatewayMs: await medianOf(gateway.url, first, post(gateway.url)),
        plainMs: await medianOf(plain.url, first + ACCOUNTS, post(plain.url)),
        upstreamMs: await medianOf(field.linodeApiUrl, first + 2 * ACCOUNTS, get),
      });
    }
    return results;
  } finally {
    await Promise.all([gateway.server.stop(), plain.server.stop()]);
  }
}

async function medianOf(
  url: string,
  firstAccount: number,
  request: (account: number) => string,
): Promise<number> {
  const connection = await Connection.open(new URL(url));
  const latencies: number[] = [];
  for (let i = 0; i < ACCOUNTS; i++) {
    const text = request(firstAccount + i);
    const sentAt = performance.now();
    const { status } = await connection.ask(text);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    if (i >= WARM_UP) latencies.push(performance.now() - sentAt);
  }
  connection.close();
  return median(latencies);
}
