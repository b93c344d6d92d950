/**
 * Fails when src/generated, or the typed operations of the fetch client, differ from what graphql-codegen writes from
 * the SDL: regenerates them and compares.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORIES = ['src/generated', 'examples/clients/fetch/gql'];

/** The content of each generated file, by its path. */
const read = () =>
  new Map(
    DIRECTORIES.flatMap((directory) =>
      readdirSync(directory).map((name) => {
        const path = join(directory, name);
        return [path, readFileSync(path, 'utf8')];
      }),
    ),
  );

const committed = read();
const { status } = spawnSync('npm', ['run', '--silent', 'generate'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);
const generated = read();
const paths = new Set([...committed.keys(), ...generated.keys()]);
const stale = [...paths].filter((path) => committed.get(path) !== generated.get(path));
if (stale.length > 0) {
  console.error(`Out of date until now: ${stale.join(', ')}. Commit the regenerated files.`);
  process.exit(1);
}
