import { bombs } from './bombs.js';
import { brokenUpstream } from './brokenUpstream.js';
import { idleSubscribers } from './idleSubscribers.js';
import { slowClients } from './slowClients.js';

/** `npm run experiments`: prints the figures that docs/security-experiments.md quotes. */
async function main(): Promise<void> {
  await brokenUpstream();
  await slowClients();
  await bombs();
  await idleSubscribers();
}

void main();
