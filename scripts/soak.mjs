/**
 * Loads a gateway for a long time, and shows whether its memory and handles stay flat.
 * npm run soak -- [requests=20000] [phase…]; a phase is a file of scripts/soak, all of them by default.
 * Exits 1 when a phase says that something grew.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [count = '20000', ...chosen] = process.argv.slice(2);
const requests = Number(count);
if (!Number.isInteger(requests) || requests < 1000) {
  console.error(`The number of requests must be a whole number from 1000, not "${count}"`);
  process.exit(1);
}

const folder = new URL('./soak/', import.meta.url);
const phases = readdirSync(fileURLToPath(folder))
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.replace(/\.mjs$/, ''))
  .filter((name) => chosen.length === 0 || chosen.includes(name));

for (const name of phases) {
  const { run } = await import(new URL(`${name}.mjs`, folder).href);
  const { isFlat, ...figures } = await run({ requests });
  console.log(name, figures);
  if (!isFlat) process.exitCode = 1;
}
