/** Reads and writes of many callers while Linode errs, hangs and breaks off, and clients leave. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../dist/sandbox/sandbox.js';
import { startGatewayProcess } from '../gatewayProcess.mjs';
import { Gate, growth, MEASURABLE, measure, sampleWhile } from '../soakFigures.mjs';

const CALLERS = 300;
const CLIENTS = 48;
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
export async function run({ requests }) {
  const sandbox = await startSandbox({ rateLimits: false, log: false });
  for (let i = 0; i < CALLERS; i++) addCaller(sandbox, `soak-${i}`);
  const { child, url, ended } = await startGatewayProcess(
    { LINODE_API_URL: sandbox.url, REQUEST_TIMEOUT_MS: '500', CATALOG_MAX_CALLERS: String(CALLERS / 2) },
    MEASURABLE,
  );
  const atRest = await measure(url, child);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const outcomes = {};
  const gate = new Gate();
  let isDone = false;

  async function client() {
    while (gate.sent < requests) {
      const outcome = await gate.pass(() => send(url, agent));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  }
  async function err() {
    while (!isDone) {
      // Unused faults are removed: piled up they would only keep the circuit open.
      sandbox.clearFaults();
      sandbox.fault({ ...pick(FAULTS), path: /^\/images/, times: 1 + Math.floor(Math.random() * 3) });
      await sleep(50 + Math.random() * 250);
    }
  }
  const erring = err();
  const sampling = sampleWhile(requests, gate, () => measure(url, child));
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const samples = await sampling;
  isDone = true;
  await erring;
  agent.destroy();
  sandbox.clearFaults();
  await sleep(2000);
  const after = await measure(url, child);
  child.kill('SIGTERM');
  await ended;
  await sandbox.close();

  return { requests, outcomes, ...growth(requests, samples, atRest, after) };
}

/** An account with its token and twenty images. */
function addCaller(sandbox, token) {
  sandbox.addAccount({ tokens: [{ token, username: token, scopes: '*' }], images: 20 });
}

/** One request; a few of the clients leave before the response. */
function send(url, agent) {
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
