#!/usr/bin/env node
import { VERSION } from '../version.js';
import {
  API_VERSIONS,
  DEFAULT_SPEED,
  SANDBOX_TOKENS,
  startSandbox,
  type ApiVersion,
  type Sandbox,
} from './sandbox.js';

const HELP = `An embedded Linode: the Images API and related endpoints, without an account or a network.

Usage: npm run sandbox, or linode-images-sandbox if the package is installed

Environment:
  HOST                Address to listen on (127.0.0.1)
  SANDBOX_PORT        Port; 0 picks a free one (4001)
  LATENCY_MS          Delay of every response in milliseconds (0)
  SANDBOX_SPEED       How much faster captures, uploads and replications are than the real ones (9)
  LINODE_SANDBOX_API  Version of the API: latest, or 4.176 without tags, replicas and shared images (latest)

While it runs, faults, speed and clock are set at /_sandbox: see docs/sandbox.md.

Options: --help, --version.
`;

if (process.argv.includes('--version')) {
  console.log(VERSION);
} else if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(HELP);
} else {
  run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

async function run(): Promise<void> {
  const sandbox = await startSandbox({
    host: process.env['HOST'] || '127.0.0.1',
    port: wholeNumber('SANDBOX_PORT', 4001, 0, 65_535),
    latencyMs: wholeNumber('LATENCY_MS', 0, 0, 600_000),
    speed: wholeNumber('SANDBOX_SPEED', DEFAULT_SPEED, 1, 1000),
    api: apiVersion(),
    log: false,
  });
  console.log(bannerOf(sandbox));
  const stop = () => void sandbox.close().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

function bannerOf({ url, origin }: Sandbox): string {
  const width = Math.max(...SANDBOX_TOKENS.map(({ token }) => token.length));
  return [
    `Sandbox listening on ${url}`,
    '',
    ...SANDBOX_TOKENS.map(({ token, description }) => `  ${token.padEnd(width)}  ${description}`),
    '',
    `  curl -H 'Authorization: Bearer ${SANDBOX_TOKENS[0]?.token}' ${url}/images`,
    `  curl ${origin}/_sandbox`,
    '',
    'Faults, speed and clock are set at /_sandbox: see docs/sandbox.md.',
    '',
  ].join('\n');
}

function apiVersion(): ApiVersion {
  const text = process.env['LINODE_SANDBOX_API'] || 'latest';
  const version = API_VERSIONS.find((each) => each === text);
  if (!version) throw new Error(`LINODE_SANDBOX_API must be ${API_VERSIONS.join(' or ')}, not "${text}"`);
  return version;
}

function wholeNumber(name: string, defaultValue: number, min: number, max: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return defaultValue;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}
