import { startGatewayProcess } from '../support/gatewayProcess.js';
import { fuzz } from './fuzz.js';

/** `npm run fuzz [requests] [seed]`: sends them, prints what came back and the longest block of the event loop. */
async function main(): Promise<void> {
  const [count = '100000', seed = '1'] = process.argv.slice(2);
  const gateway = await startGatewayProcess();
  await fuzz(gateway.url, 2000, 0);
  await gateway.measure();
  const startedAt = performance.now();
  const { findings, statuses, codes } = await fuzz(gateway.url, Number(count), Number(seed));
  const seconds = (performance.now() - startedAt) / 1000;
  const { longestBlockMs, rssBytes, bugs } = await gateway.measure();
  gateway.stop();
  console.log(`${count} requests (seed ${seed}) in ${seconds.toFixed(0)} s`);
  console.log('answers by status:', statuses);
  console.log('answers by code:', codes);
  console.log(`longest block of the event loop: ${longestBlockMs.toFixed(1)} ms`);
  console.log(`memory: ${(rssBytes / 2 ** 20).toFixed(0)} MB; bugs: ${bugs}; findings: ${findings.length}`);
  for (const finding of findings.slice(0, 5)) console.log(finding);
  if (findings.length > 0 || bugs > 0) process.exitCode = 1;
}

void main();
