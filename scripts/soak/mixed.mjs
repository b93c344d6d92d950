/** Reads and writes of many callers while Linode errs, hangs and breaks off, and clients leave. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../dist/sandbox/sandbox.js';
import { startGatewayProcess } from '../gatewayProcess.mjs';

const CALLERS = 300;
const CLIENTS = 48;
const SAMPLES = 20;
/** Before this share of the requests caches still fill. */
const WARM_UP = 0.3;
/** What a million requests may add; shorter runs say little, so noise of so many MB is let pass too. */
const MOST_MB_PER_MILLION = 5;
const NOISE_MB = 12;

const FAULTS = [
  { status: 500 },
  { status: 502 },
  { status: 503 },
  { status: 429, headers: { 'retry-after': '1' } },
  { reset: 'before' },
  { reset: 'mid-body' },
  { hang: true },
  { truncate: true },
  { cutJson: true },
  { html: true },
  { latencyMs: 700 },
  { hugeBytes: 20_000_000 },
];
const QUERIES = [
  '{ images(first: 50) { totalCount nodes { id label status } } }',
  '{ images(filter: { isPublic: false }) { nodes { id label type created } pageInfo { endCursor } } }',
  '{ a: image(id: "linode/debian12") { id } b: image(id: "private/404") { id } }',
  '{ images(first: 0) { totalCount } }',
  '{ nothing }',
  'mutation { updateImage(input: { id: "private/1", label: "again" }) { image { id } userErrors { code } } }',
  'mutation { deleteImage(input: { id: "private/404404" }) { deletedImageId userErrors { code } } }',
];
/** Collects garbage when asked to by a signal, so that what is left is what is held. */
const GC = `data:text/javascript,process.on('SIGUSR2', () => { globalThis.gc(); })`;

export async function run({ requests }) {
  const sandbox = await startSandbox({ rateLimits: false, log: false });
  for (let i = 0; i < CALLERS; i++) addCaller(sandbox, `soak-${i}`);
  const { child, url, ended } = await startGatewayProcess(
    { LINODE_API_URL: sandbox.url, REQUEST_TIMEOUT_MS: '500', CATALOG_MAX_CALLERS: String(CALLERS / 2) },
    ['--expose-gc', '--import', GC],
  );
  const atRest = await measure(url, child);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const outcomes = {};
  const samples = [];
  let sent = 0;
  let isDone = false;

  async function client() {
    while (sent < requests) {
      sent++;
      const outcome = await ask(url, agent);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  }
  async function err() {
    while (!isDone) {
      // Those that met no call are taken back: piled up they would only keep the circuit open.
      sandbox.clearFaults();
      sandbox.fault({ ...pick(FAULTS), path: /^\/images/, times: 1 + Math.floor(Math.random() * 3) });
      await sleep(50 + Math.random() * 250);
    }
  }
  async function sample() {
    for (let i = 1; i <= SAMPLES; i++) {
      while (sent < (requests * i) / SAMPLES) await sleep(20);
      samples.push({ sent, ...(await measure(url, child)) });
    }
  }
  const erring = err();
  await Promise.all([...Array.from({ length: CLIENTS }, client), sample()]);
  isDone = true;
  await erring;
  agent.destroy();
  sandbox.clearFaults();
  await sleep(2000);
  const after = await measure(url, child);
  child.kill('SIGTERM');
  await ended;
  await sandbox.close();

  const warm = samples.filter((each) => each.sent >= requests * WARM_UP);
  const growthMb = slope(warm, 'rssMb') * (requests * (1 - WARM_UP));
  const rssMbPerMillion = slope(warm, 'rssMb') * 1e6;
  return {
    requests,
    outcomes,
    rssMb: [warm[0].rssMb, warm.at(-1).rssMb],
    rssMbPerMillion: round(rssMbPerMillion),
    heapMbAfterGc: [warm[0].heapMb, after.heapMb],
    heapMbPerMillion: round(slope(warm, 'heapMb') * 1e6),
    handles: [atRest.handles, after.handles],
    // The pool toward Linode keeps 128 connections at most, for as long as Linode offers.
    openFiles: [atRest.openFiles, after.openFiles],
    isFlat: after.handles <= atRest.handles && (rssMbPerMillion < MOST_MB_PER_MILLION || growthMb < NOISE_MB),
  };
}

/** An account with its token and twenty images. */
function addCaller(sandbox, token) {
  sandbox.addAccount({ tokens: [{ token, username: token, scopes: '*' }], images: 20 });
}

/** What is held once garbage is collected. */
async function measure(url, child) {
  child.kill('SIGUSR2');
  await sleep(50);
  const text = await (await fetch(new URL('/metrics', url))).text();
  const read = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    rssMb: round(read('process_resident_memory_bytes') / 2 ** 20),
    heapMb: round(read('nodejs_heap_size_used_bytes') / 2 ** 20),
    handles: read('nodejs_active_handles_total'),
    openFiles: read('process_open_fds'),
  };
}

/** One request; a few of the clients leave before the answer. */
function ask(url, agent) {
  const token =
    Math.random() < 0.03 ? `unknown-${Math.random()}` : `soak-${Math.floor(Math.random() * CALLERS)}`;
  const headers = {
    'content-type': 'application/json',
    ...(Math.random() < 0.9 && { authorization: `Bearer ${token}` }),
    ...(Math.random() < 0.1 && { 'cache-control': 'no-cache' }),
  };
  return new Promise((resolve) => {
    const req = request(url, { method: 'POST', agent, headers }, (res) => {
      let body = '';
      res
        .on('data', (chunk) => (body += chunk))
        .on('error', () => resolve('aborted'))
        .on('end', () => resolve(/"code":"([A-Z_]+)"/.exec(body)?.[1] ?? String(res.statusCode)));
    });
    req.on('error', ({ message }) => resolve(message === 'left' ? 'aborted' : message));
    if (Math.random() < 0.05) {
      const timer = setTimeout(() => req.destroy(new Error('left')), Math.random() * 30);
      req.on('close', () => clearTimeout(timer));
    }
    req.end(Math.random() < 0.01 ? '{' : JSON.stringify({ query: pick(QUERIES) }));
  });
}

function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/** Of the line through the samples by least squares, for one request. */
function slope(samples, name) {
  const n = samples.length;
  const meanX = samples.reduce((sum, { sent }) => sum + sent, 0) / n;
  const meanY = samples.reduce((sum, each) => sum + each[name], 0) / n;
  const above = samples.reduce((sum, each) => sum + (each.sent - meanX) * (each[name] - meanY), 0);
  const below = samples.reduce((sum, { sent }) => sum + (sent - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
