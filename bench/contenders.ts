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
export interface Field {
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

export async function startGateway(field: Field, form: Form): Promise<Contender> {
  const env = {
    NODE_ENV: 'production',
    LINODE_API_URL: field.linodeApiUrl,
    LOG_LEVEL: 'info',
    WORKERS: String(field.workers ?? 1),
    DRAIN_DELAY_SECONDS: '0',
    DRAIN_TIMEOUT_SECONDS: '3',
    ...GATEWAY_ENVIRONMENT[form],
  };
  const args = [...(field.nodeFlags ?? []), join(field.root, 'dist', 'main.js')];
  return start('gateway', field, args, env, (field.workers ?? 1) > 1);
}

export async function startPlain(field: Field): Promise<Contender> {
  const env = { NODE_ENV: 'production', LINODE_API_URL: field.linodeApiUrl };
  return start('plain', field, [join(field.compiled, 'plain', 'main.js')], env);
}

/** @param bodies what it answers in turn */
export async function startCeiling(field: Field, bodies: readonly string[]): Promise<Contender> {
  const file = join(mkdtempSync(join(field.scratch, 'ceiling-')), 'bodies.json');
  writeFileSync(file, JSON.stringify(bodies));
  return start('ceiling', field, [join(field.compiled, 'ceiling', 'main.js')], { BODIES: file });
}

async function start(
  name: ContenderName,
  field: Field,
  args: readonly string[],
  env: ServerCommand['env'],
  needsAllCores = false,
): Promise<Contender> {
  const command = [process.execPath, ...args];
  const server = await startServer({
    command: field.isPinned ? onServerCores(command, needsAllCores) : command,
    env,
  });
  return { name, url: `http://127.0.0.1:${server.port}/graphql`, server };
}
