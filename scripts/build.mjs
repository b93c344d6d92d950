/** Builds dist/: the server with tsc, GraphiQL with vite, and the schema as one file. With --if-stale only what is missing or older than its sources. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ifStale = process.argv.includes('--if-stale');

const PARTS = [
  {
    name: 'server',
    output: 'dist/main.js',
    sources: ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json'],
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  },
  {
    name: 'GraphiQL',
    output: 'dist/graphiql/index.html',
    sources: ['graphiql', 'package-lock.json'],
    command: ['node_modules/vite/bin/vite.js', 'build', 'graphiql', '--logLevel', 'warn'],
  },
  {
    name: 'SDL',
    output: 'dist/schema.graphql',
    sources: ['scripts', 'schema', 'src'],
    command: ['node_modules/tsx/dist/cli.mjs', 'scripts/print-schema.ts', '--out', 'dist'],
  },
];

/** When a file, or the newest in a folder, was last changed. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const isStale = ({ output, sources }) =>
  !existsSync(output) || sources.some((source) => existsSync(source) && newest(source) > newest(output));

for (const part of PARTS) {
  // The published package holds what is built, and no sources.
  if (!existsSync(part.sources[0])) continue;
  if (ifStale && !isStale(part)) continue;
  console.log(`building ${part.name}…`);
  const { status } = spawnSync(process.execPath, part.command, { stdio: 'inherit' });
  if (status !== 0) {
    rmSync(part.output, { force: true });
    process.exit(status ?? 1);
  }
}
