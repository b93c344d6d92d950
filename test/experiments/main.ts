import { bombs } from './bombs.js';

/** `npm run experiments`: prints the figures that docs/security-experiments.md quotes. */
async function main(): Promise<void> {
  await bombs();
}

void main();
