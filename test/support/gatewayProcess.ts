import { fork, type ChildProcess } from 'node:child_process';
import type { ChildOptions, Measured } from './gatewayChild.js';

export interface GatewayProcess {
  url: string;
  /** What happened since the last measurement; see `Measured`. */
  measure(): Promise<Measured>;
  /** Null while it runs. */
  exitCode(): number | null;
  stop(): void;
}

/** A gateway in a process of its own, with a sandbox behind it. Run from the package's directory. */
export async function startGatewayProcess(options: ChildOptions = {}): Promise<GatewayProcess> {
  const child = fork('test/support/gatewayChild.ts', [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  const { url } = await next<{ url: string }>(child);
  return {
    url,
    measure() {
      const answer = next<Measured>(child);
      child.send('measure');
      return answer;
    },
    exitCode: () => child.exitCode,
    stop: () => void child.kill(),
  };
}

const next = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`the gateway's process ended with ${String(code)}`));
    };
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
