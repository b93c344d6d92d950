/**
 * Runs the core of the test suite on other versions of Node, whose binaries come from npm's `node` package.
 *
 *   npm run test:runtimes [-- MAJOR…] [--results DIRECTORY]
 *
 * With --results, Jest's JSON reports go there, one for each version.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const MAJORS = ['22', '24'];
/** What could differ between versions of Node: HTTP, streams, timers, the client of Linode, crypto, the process. */
const CORE = [
  'test/http/conformance',
  'test/http/encoding',
  'test/http/errors',
  'test/http/server',
  'test/linode/client',
  'test/graphql/errors',
  'test/graphql/resolvers/image',
  'test/process/process',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { results: { type: 'string' } },
});

let failed = false;
for (const major of positionals.length > 0 ? positionals : MAJORS) {
  const node = install(major);
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`Node ${version}`);
  const report = values.results
    ? ['--json', `--outputFile=${join(values.results, `node-${major}.json`)}`]
    : [];
  const { status } = spawnSync(
    node,
    ['node_modules/jest/bin/jest.js', ...CORE, '--ci', '--silent', ...report],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: `${binOf(major)}:${process.env.PATH}` },
    },
  );
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;

/** The path of this major version's binary, installed if it is not there yet. */
function install(major) {
  const folder = folderOf(major);
  const node = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', `node@${major}`], {
      cwd: folder,
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
  return node;
}

function folderOf(major) {
  return join(process.cwd(), '.cache', `node-${major}`);
}

function binOf(major) {
  return join(folderOf(major), 'node_modules', 'node', 'bin');
}
