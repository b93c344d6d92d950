import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_ENVIRONMENT, type Form } from './form.js';
import { onServerCores } from './cores.js';
import { startServer, type Server, type ServerCommand } from './server.js';

export const CONTENDERS = ['gateway', 'plain', 'ceiling'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export interface Contender {
  name: ContenderName;
  /** Where it takes operations. */
  url: string;
  server: Server;
}

/** What all contenders are started with. */
export interface Setup {
  /** The package's folder: the built gateway is in its `dist`. */
  root: string;
  /** Where this benchmark's compiled files are. */
  compiled: string;
  /** For files that need not outlive the run. */
  scratch: string;
  linodeApiUrl: string;
  isPinned: boolean;
  /** Processes of the gateway; several are not kept to one core. */
  workers?: number;
  /** Node's own flags for the gateway, such as the profiler's. */
  nodeFlags?: readonly string[];
}

export async function startGateway(setup: Setup, form: Form): Promise<Contender> {
  const env = {
    NODE_ENV: 'production',
    LINODE_API_URL: setup.linodeApiUrl,
    LOG_LEVEL: 'info',
    WORKERS: String(setup.workers ?? 1),
    DRAIN_DELAY_SECONDS: '0',
    DRAIN_TIMEOUT_SECONDS: '3',
    ...GATEWAY_ENVIRONMENT[form],
  };
  const args = [...(setup.nodeFlags ?? []), join(setup.root, 'dist', 'main.js')];
  return start('gateway', setup, args, env, (setup.workers ?? 1) > 1);
}

export async function startPlain(setup: Setup): Promise<Contender> {
  const env = { NODE_ENV: 'production', LINODE_API_URL: setup.linodeApiUrl };
  return start('plain', setup, [join(setup.compiled, 'plain', 'main.js')], env);
}

/** @param bodies of its responses, in turn */
export async function startCeiling(setup: Setup, bodies: readonly string[]): Promise<Contender> {
  const file = join(mkdtempSync(join(setup.scratch, 'ceiling-')), 'bodies.json');
  writeFileSync(file, JSON.stringify(bodies));
  return start('ceiling', setup, [join(setup.compiled, 'ceiling', 'main.js')], { BODIES: file });
}

async function start(
  name: ContenderName,
  setup: Setup,
  args: readonly string[],
  env: ServerCommand['env'],
  needsAllCores = false,
): Promise<Contender> {
  const command = [process.execPath, ...args];
  const server = await startServer({
    command: setup.isPinned ? onServerCores(command, needsAllCores) : command,
    env,
  });
  return { name, url: `http://127.0.0.1:${server.port}/graphql`, server };
}
