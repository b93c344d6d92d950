/**
 * Lets a gateway die in three ways, and shows how it ended and how soon the next one was ready.
 * node scripts/crash.mjs
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../dist/sandbox/sandbox.js';
import { startGatewayProcess } from './gatewayProcess.mjs';

const BUG = `data:text/javascript,process.once('SIGUSR2', () => { throw new Error('on purpose') })`;
const HOARD = `data:text/javascript,process.once('SIGUSR2', () => { const held = []; for (;;) held.push(new Array(1e5).fill({})) })`;
const DEATHS = [
  { name: 'an uncaught exception', signal: 'SIGUSR2', execArgv: ['--import', BUG] },
  { name: 'kill -9', signal: 'SIGKILL', execArgv: [] },
  { name: 'the heap limit', signal: 'SIGUSR2', execArgv: ['--max-old-space-size=64', '--import', HOARD] },
];

const sandbox = await startSandbox({ rateLimits: false, log: false });
for (const { name, signal, execArgv } of DEATHS) {
  const { child, url, ended } = await startGatewayProcess({ LINODE_API_URL: sandbox.url }, execArgv);
  await untilReady(url);
  child.kill(signal);
  const how = await ended;
  const restartedAt = performance.now();
  const next = await startGatewayProcess({ LINODE_API_URL: sandbox.url });
  await untilReady(next.url);
  console.log(name, { endedWith: how, readyAgainMs: Math.round(performance.now() - restartedAt) });
  next.child.kill('SIGTERM');
  await next.ended;
}
await sandbox.close();

async function untilReady(url) {
  while ((await fetch(new URL('/health/ready', url))).status !== 200) await sleep(5);
}
