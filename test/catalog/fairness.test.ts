import { setMaxListeners } from 'node:events';
import { expect, it } from '@jest/globals';
import type { Fault } from '../../src/sandbox/sandbox.js';
import { atDepth } from '../support/depth.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const MINUTES = 10;
const TICK_MS = atDepth(10_000, 2500);
const OTHERS = Array.from({ length: 19 }, (_, i) => `caller-${i}`);
const FAILING = 'failing';

/** Every way in which the sandbox can fail. */
const FAULTS: Fault[] = [
  ...[400, 401, 403, 404, 408, 410, 500, 501, 502, 503, 504].map((status) => ({ status })),
  { status: 429 },
  { status: 429, headers: { 'retry-after': '30' } },
  { status: 503, headers: { 'x-maintenance-mode': 'true' } },
  { status: 302, headers: { location: '/v4/images' } },
  { status: 502, processed: true },
  { reset: 'before' },
  { reset: 'after' },
  { reset: 'mid-body' },
  { hang: true },
  { hang: 'after' },
  { hang: 'mid-body' },
  { truncate: true },
  { cutJson: true },
  { html: true },
  { html: true, status: 500 },
  { empty: true },
  { body: { data: 'nothing' } },
  { body: [] },
  { hugeBytes: 20 * 1024 * 1024, times: 2 },
  { gzip: true },
  { rows: { '*': { size: null, id: 7 } } },
];

const READS = [
  '{ images(first: 500) { totalCount nodes { id label } } }',
  '{ image(id: "private/1") { id } }',
  '{ images(first: 3) { nodes { creator { username } latestEvent { action } linodes { totalCount } } } }',
  '{ linodes { totalCount } viewer { username } regions { id } }',
];
const upload = (label: string): string =>
  `mutation { initiateImageUpload(input: { label: "${label}", region: "us-east" }) { image { id } userErrors { code } } }`;

/** Sends requests for which the test does not wait. */
interface FailingCaller {
  send(tick: number): void;
  /** Requests that have not ended. */
  readonly inFlight: number;
  /** Disconnects. */
  abort(): void;
}

function startFailing({ gateway }: Stack): FailingCaller {
  let inFlight = 0;
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
  return {
    abort: () => {
      controller.abort();
    },
    send(tick) {
      const numbers = Array.from({ length: 30 }, (_, i) => tick * 30 + i + 1);
      const views = numbers.flatMap((n) => [
        `{ linode(id: "${n}") { id } }`,
        ...(n % 10 === 0 ? [`{ image(id: "private/${n}") { id } }`] : []),
      ]);
      for (const query of [...READS, ...views, upload(`failing-${tick}`)]) {
        inFlight++;
        const end = (): void => void inFlight--;
        gateway.ask(query, { token: FAILING, signal }).then(end, end);
      }
    },
    get inFlight() {
      return inFlight;
    },
  };
}

it(`one caller that fails in every way for ${MINUTES} minutes costs 19 others no error and no wait`, async () => {
  const stack = await startStack();
  const { linode, gateway, clock } = stack;
  for (const token of [FAILING, ...OTHERS]) {
    linode.addAccount({ tokens: [{ token, username: token, scopes: '*' }], images: 3 });
  }
  const failing = startFailing(stack);
  try {
    expect(await othersAmid(failing, stack)).toEqual([]);
    for (let i = 0; failing.inFlight > 0 && i < 100; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      clock.advance(1000);
    }
    expect(failing.inFlight).toBe(0);
    expect(gateway.bugs).toEqual([]);
  } finally {
    failing.abort();
  }
});

/** Runs all callers, and returns the responses to the others that are not as they should be. */
async function othersAmid(failing: FailingCaller, { linode, gateway, clock }: Stack): Promise<string[]> {
  const failures = new Set<string>();
  const ticks = (MINUTES * 60_000) / TICK_MS;
  for (let tick = 0; tick < ticks; tick++) {
    const repair = linode.fault({ ...FAULTS[tick % FAULTS.length], token: FAILING });
    failing.send(tick);
    let answered = 0;
    for (const [i, token] of OTHERS.entries()) {
      const query = tick % 6 === i % 6 ? upload(`other-${tick}`) : (READS[(tick + i) % READS.length] ?? '');
      void gateway.ask(query, { token }).then(({ errors, extensions, body }) => {
        if (errors.length > 0 || extensions !== undefined) failures.add(body);
        if (body.includes('userErrors":[{')) failures.add(body);
        answered++;
      });
    }
    // The clock stands still: a request that waits for a timeout, a back-off or a circuit does not end.
    await until(
      () => answered === OTHERS.length,
      `tick ${tick}, with ${JSON.stringify(FAULTS[tick % FAULTS.length])}`,
    );
    for (let ms = 0; ms < TICK_MS; ms += 500) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(500);
    }
    repair();
  }
  return [...failures];
}
