#!/usr/bin/env node
import cluster from 'node:cluster';
import { loadEnvFile, readConfig } from './config/readConfig.js';
import { problemsOf } from './config/startupProblems.js';
import { describeVariables } from './config/variables.js';
import { runPrimary } from './process/primary.js';
import { runAlone } from './process/single.js';
import { runWorker } from './process/worker.js';
import { VERSION } from './version.js';

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) return answer(argument);
  loadEnvFile();
  if (cluster.isWorker) return runWorker();
  const config = readConfig();
  await (config.server.workers > 1 ? runPrimary(config) : runAlone(config));
}

function answer(argument: string): void {
  if (argument === '--version') process.stdout.write(`${VERSION}\n`);
  else if (argument === '--help') process.stdout.write(help());
  else throw new Error(`Unknown argument "${argument}"; see --help`);
}

const help = (): string =>
  [
    'The Linode Images GraphQL gateway. It is configured by environment variables; in development, a file .env sets those that are not set.',
    '',
    describeVariables(),
    '',
    'Arguments: --help, --version.',
    '',
  ].join('\n');

if (process.argv.includes('--version')) console.log(VERSION);
else
  main().catch((error: unknown) => {
    for (const line of problemsOf(error)) process.stderr.write(`${line}\n`);
    process.exit(1);
  });
