/** Fails when src/generated is not what graphql-codegen makes of the SDL: regenerates it and compares. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const GENERATED = 'src/generated/graphql.ts';
const committed = readFileSync(GENERATED, 'utf8');
const { status } = spawnSync('npm', ['run', '--silent', 'generate'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);
if (readFileSync(GENERATED, 'utf8') !== committed) {
  console.error(`${GENERATED} was not what the SDL says; it is now: commit it.`);
  process.exit(1);
}
