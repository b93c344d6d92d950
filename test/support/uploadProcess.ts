import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from './gateway.js';

const ENTRY = join(PACKAGE, 'dist', 'uploader', 'main.js');

/** The uploader as users run it, in a process of its own. */
export interface UploadProcess {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The lines of JSON of its standard output. */
  events(): { event: string; [field: string]: unknown }[];
  /** Its exit code, or the signal that killed it. */
  ended: Promise<number | NodeJS.Signals>;
}

export interface UploadProcessOptions {
  args: readonly string[];
  env?: Record<string, string>;
  /** Standard input; absent: empty. */
  stdin?: Iterable<Buffer>;
}

/** Starts it. It ends by itself, or is to be killed. */
export function startUpload({ args, env, stdin }: UploadProcessOptions): UploadProcess {
  if (!existsSync(ENTRY)) throw new Error(`${ENTRY} is missing: run "npm run build"`);
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may leave without reading its standard input.
  child.stdin.on('error', () => undefined);
  for (const chunk of stdin ?? []) child.stdin.write(chunk);
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? -1);
    });
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    events: () =>
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { event: string }),
    ended,
  };
}
