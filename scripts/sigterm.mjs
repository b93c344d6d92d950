/**
 * Sends SIGTERM (every third time SIGINT) to a gateway under load, many times, and counts what was lost.
 * node scripts/sigterm.mjs [runs=100] [clients=16] [workers=1]; exits 1 when anything was.
 */
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/sandbox.js';
import { startGatewayProcess } from './gatewayProcess.mjs';

const [runs = 100, clients = 16, workers = 1] = process.argv.slice(2).map(Number);
const QUERIES = [
  '{ images(first: 50) { totalCount nodes { id label status } } }',
  '{ image(id: "linode/debian12") { id label } }',
  '{ images(first: 5, orderBy: [{ field: SIZE }]) { nodes { id size } } }',
];

const sandbox = await startSandbox({ rateLimits: false, log: false, latencyMs: 25 });
const totals = {
  runs: 0,
  answered: 0,
  inFlightAtSignal: 0,
  afterSignal: 0,
  failed: 0,
  closing: 0,
  badExits: 0,
};
let slowestMs = 0;

for (let run = 0; run < runs; run++) {
  const signal = run % 3 === 2 ? 'SIGINT' : 'SIGTERM';
  const { child, url, ended } = await start();
  const load = drive(url);
  await sleep(100 + Math.random() * 200);
  totals.inFlightAtSignal += load.inFlight();
  const signalledAt = performance.now();
  load.signalled();
  child.kill(signal);
  await load.done;
  const code = await ended;
  slowestMs = Math.max(slowestMs, performance.now() - signalledAt);
  totals.runs++;
  if (code !== 0) totals.badExits++;
  if (process.stderr.isTTY) process.stderr.write(`\r${totals.runs}/${runs}`);
}
await sandbox.close();

console.log(JSON.stringify({ ...totals, slowestExitMs: Math.round(slowestMs) }));
process.exitCode = totals.failed > 0 || totals.badExits > 0 ? 1 : 0;

/** A gateway of its own on the sandbox, ready. */
async function start() {
  const gateway = await startGatewayProcess({
    LINODE_API_URL: sandbox.url,
    DRAIN_DELAY_SECONDS: '1',
    WORKERS: String(workers),
  });
  while ((await status(gateway.url, '/health/ready')) !== 200) await sleep(20);
  return gateway;
}

/** Clients that send without a pause until a load balancer, which polls readiness, stops routing to it. */
function drive(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let isSending = true;
  let isSignalled = false;
  let inFlight = 0;

  async function client() {
    for (let i = 0; isSending; i++) {
      inFlight++;
      const isLate = isSignalled;
      try {
        const { code, connection } = await send(url, agent, QUERIES[i % QUERIES.length]);
        if (code === 200) totals.answered++;
        else totals.failed++;
        if (isLate) totals.afterSignal++;
        if (connection === 'close') totals.closing++;
      } catch (error) {
        totals.failed++;
        console.error(error);
      }
      inFlight--;
    }
  }
  async function balance() {
    while ((await status(url, '/health/ready')) === 200) await sleep(10);
    isSending = false;
  }
  const done = Promise.all([balance(), ...Array.from({ length: clients }, client)]).then(() =>
    agent.destroy(),
  );
  return { done, inFlight: () => inFlight, signalled: () => (isSignalled = true) };
}

function send(url, agent, query) {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer alice-full',
    'cache-control': 'no-cache',
  };
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (res) => {
      let body = '';
      res
        .on('data', (chunk) => (body += chunk))
        .on('error', reject)
        .on('end', () => {
          const failed = !res.complete || !body.includes('"data":{');
          resolve({ code: failed ? 0 : res.statusCode, connection: res.headers.connection });
        });
    })
      .on('error', reject)
      .end(JSON.stringify({ query }));
  });
}

/** The status of a request on a connection of its own, as a load balancer's check. */
function status(url, path) {
  return new Promise((resolve) => {
    request(new URL(path, url), { agent: false }, (res) =>
      res.resume().on('end', () => resolve(res.statusCode)),
    )
      .on('error', () => resolve(0))
      .end();
  });
}
