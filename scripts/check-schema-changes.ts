/**
 * Compares the schema with that of the last release, `released/schema.graphql`. A breaking change fails unless the
 * changelog names it. With --release it writes the file instead, as part of a release.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { noticesOf, problemsOf } from './schemaChanges.js';
import { printSorted } from '../src/graphql/sdl.js';
import { currentSchema } from './sdl.js';

const RELEASED = 'released/schema.graphql';

const current = currentSchema();
if (process.argv.includes('--release')) {
  writeFileSync(RELEASED, printSorted(current));
} else {
  const released = buildSchema(readFileSync(RELEASED, 'utf8'));
  for (const notice of noticesOf(released, current)) console.log(`notice: ${notice}`);
  for (const problem of problemsOf(released, current, readFileSync('CHANGELOG.md', 'utf8'))) {
    console.error(problem);
    process.exitCode = 1;
  }
}
