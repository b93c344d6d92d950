/** The upstream of all contenders, in a process of its own: a Linode without limits that counts its requests. */
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { FIRST_TIME_ACCOUNTS, MEDIUM_ACCOUNTS, populate, WARM_UP_CALLERS } from './population.js';

const sandbox = await startSandbox({
  port: Number(process.env['PORT']),
  latencyMs: Number(process.env['LATENCY_MS']),
  rateLimits: false,
});
populate(sandbox, {
  mediumAccounts: MEDIUM_ACCOUNTS,
  firstTimeAccounts: FIRST_TIME_ACCOUNTS,
  warmUpCallers: WARM_UP_CALLERS,
});

let counted = 0;
function count(): number {
  counted += sandbox.requests.length;
  sandbox.clearRequests();
  return counted;
}
// The log would outgrow the memory before the load ends.
setInterval(count, 100).unref();

process.on('message', () => {
  process.send?.({ requests: count() });
});
process.on('disconnect', () => {
  process.exit(0);
});
