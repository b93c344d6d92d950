import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from './gateway.js';

const URL_IN = /http:\/\/[^\s"]+\/graphql/;

/** A gateway as operators run it: `node dist/main.js` in a process of its own. */
export interface BuiltProcess {
  /** `http://HOST:PORT/graphql` */
  url: string;
  child: ChildProcess;
  /** All that it wrote so far. */
  output(): string;
  /** The lines of JSON among it. */
  lines(): Record<string, unknown>[];
  /** Its exit code, or the signal that killed it. */
  ended: Promise<number | NodeJS.Signals>;
}

export interface BuiltProcessOptions {
  env?: Record<string, string>;
  /** Node's own arguments. */
  execArgv?: string[];
  /** Default the package's `dist/main.js`. */
  entry?: string;
  /** Whether it leads a process group of its own, as in a terminal. */
  leadsGroup?: boolean;
}

/** Starts it on a free port; rejects with what it wrote when it ends before it listens. Kill it in the end. */
export async function startBuiltProcess(options: BuiltProcessOptions = {}): Promise<BuiltProcess> {
  const { entry = join(PACKAGE, 'dist', 'main.js'), execArgv = [] } = options;
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run "npm run build"`);
  const child = spawn(process.execPath, [...execArgv, entry], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.leadsGroup ?? false,
  });
  let written = '';
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? -1);
    });
  });
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      written += chunk.toString();
      const found = URL_IN.exec(written)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void ended.then((how) => {
      reject(new Error(`It ended (${how}) before it listened: ${written}`));
    });
  });
  return {
    url,
    child,
    ended,
    output: () => written,
    lines: () =>
      written
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** Sends one operation and reads the body of the response. */
export async function askAt<B>(url: string, query: string, headers: Record<string, string> = {}): Promise<B> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as B;
}
