/**
 * Sends a gateway twice the load it can serve, and shows what it does with the rest; then how its event loop fares
 * at 70 % of its peak, with pages of 500 images.
 * node scripts/saturate.mjs [seconds=30]
 */
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/sandbox.js';
import { readMetric, startGatewayProcess } from './gatewayProcess.mjs';

const seconds = Number(process.argv[2] ?? 30);
const FIELDS =
  'id label description created updated createdBy isPublic deprecated size type status capabilities vendor';
/** Another query each time, so that no response comes from the cache. */
const page = (first) => () => ({
  query: `query Page($other: String) { images(first: ${first}, filter: { label: { neq: $other } }) { totalCount nodes { ${FIELDS} } } }`,
  variables: { other: String(Math.random()) },
});
const PAGE_100 = page(100);
const PAGE_500 = page(500);
const PEAK_CLIENTS = 24;
/** Connections at most, as a load balancer has: beyond them a request is not sent, and counted as held back. */
const MAX_CONNECTIONS = 400;

const sandbox = await startSandbox({ rateLimits: false, log: false });
for (let i = 0; i < 600; i++)
  sandbox.putImage('alice-full', { id: `private/${500_000 + i}`, label: `image ${i}` });
const { child, url, ended } = await startGatewayProcess({ LINODE_API_URL: sandbox.url });

await closedLoop(PAGE_100, 3);
const peak = await closedLoop(PAGE_100, Math.min(seconds, 10));
console.log('peak', show(peak));
const watching = watchReadiness();
const saturated = await openLoop(PAGE_100, peak.perSecond * 2, seconds);
const overAt = performance.now();
const unreadyShare = watching.unreadyShare();
while (!watching.isReady()) await sleep(20);
const recoveredMs = performance.now() - overAt;
watching.stop();
console.log('twice the peak', show(saturated), {
  goodputOfPeak: round(saturated.perSecond / peak.perSecond),
  p99OfPeak: round(saturated.p99Ms / peak.p99Ms),
  unreadyShare: round(unreadyShare),
  readyAgainMs: Math.round(recoveredMs),
});

const peak500 = await closedLoop(PAGE_500, Math.min(seconds, 5));
// Reading them begins a new window.
await readMetric(url, 'nodejs_eventloop_lag_p99_seconds');
const calm = await openLoop(PAGE_500, peak500.perSecond * 0.7, Math.min(seconds, 15));
console.log('70 % of the peak, 500 images', show(calm), { loopLagMs: await lagMs() });

child.kill('SIGTERM');
await ended;
await sandbox.close();

async function lagMs() {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const read = (name) =>
    Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)$`, 'm').exec(text)?.[1]) * 1000;
  // The histogram measures whole periods of its 10 ms timer.
  return { p50: round(read('p50') - 10), p99: round(read('p99') - 10), max: round(read('max') - 10) };
}

/** Clients that each send their next request as soon as they have a response. */
async function closedLoop(query, forSeconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: PEAK_CLIENTS });
  const tally = newTally();
  const until = performance.now() + forSeconds * 1000;
  await Promise.all(
    Array.from({ length: PEAK_CLIENTS }, async () => {
      while (performance.now() < until) await send(agent, query, tally);
    }),
  );
  agent.destroy();
  return sum(tally, forSeconds);
}

/** Sends requests at this rate, however long the responses take. */
async function openLoop(query, perSecond, forSeconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const tally = newTally();
  const startedAt = performance.now();
  const under = new Set();
  let sent = 0;
  for (;;) {
    const elapsed = (performance.now() - startedAt) / 1000;
    if (elapsed > forSeconds) break;
    for (; sent < elapsed * perSecond; sent++) {
      if (under.size >= MAX_CONNECTIONS) tally.heldBack++;
      else {
        const one = send(agent, query, tally).finally(() => under.delete(one));
        under.add(one);
      }
    }
    await sleep(2);
  }
  const result = sum(tally, forSeconds);
  await Promise.all(under);
  agent.destroy();
  return result;
}

function newTally() {
  return { ms: [], shed: 0, shedWithoutRetryAfter: 0, failed: 0, heldBack: 0, codes: {} };
}

function send(agent, query, tally) {
  const startedAt = performance.now();
  const headers = { 'content-type': 'application/json', authorization: 'Bearer alice-full' };
  return new Promise((resolve) => {
    request(url, { method: 'POST', agent, headers }, (res) => {
      res.resume().on('end', () => {
        if (res.statusCode === 200) tally.ms.push(performance.now() - startedAt);
        else if (res.statusCode === 503) {
          tally.shed++;
          if (!res.headers['retry-after']) tally.shedWithoutRetryAfter++;
        } else tally.failed++;
        resolve();
      });
    })
      .on('error', ({ code }) => {
        tally.codes[code] = (tally.codes[code] ?? 0) + 1;
        tally.failed++;
        resolve();
      })
      .end(JSON.stringify(query()));
  });
}

function sum({ ms, shed, shedWithoutRetryAfter, failed, heldBack, codes }, forSeconds) {
  if (failed > 0) console.log('failed', codes);
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    perSecond: ms.length / forSeconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    shed,
    shedWithoutRetryAfter,
    failed,
    heldBack,
  };
}

function show(result) {
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, round(value)]));
}

function round(value) {
  return Math.round(value * 100) / 100;
}

/** As a load balancer does, every 100 ms. */
function watchReadiness() {
  let checks = 0;
  let unready = 0;
  let isReady = true;
  let isStopped = false;
  void (async () => {
    while (!isStopped) {
      isReady =
        (await fetch(new URL('/health/ready', url)).then(
          ({ status }) => status,
          () => 0,
        )) === 200;
      checks++;
      if (!isReady) unready++;
      await sleep(100);
    }
  })();
  return { isReady: () => isReady, unreadyShare: () => unready / checks, stop: () => (isStopped = true) };
}
