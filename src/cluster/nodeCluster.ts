import cluster from 'node:cluster';
import type { Readable } from 'node:stream';
import type { Channel } from './channel.js';
import type { ToPrimary, ToWorker } from './messages.js';
import type { WorkerProcess } from './supervisor.js';

/** Who is told the whole lines that workers write. */
export interface Lines {
  out(line: string): void;
  err(line: string): void;
}

/** Starts this program once more, as a worker. */
export function forkWorker(lines: Lines): WorkerProcess {
  cluster.setupPrimary({ serialization: 'advanced', silent: true });
  const worker = cluster.fork();
  const { stdout, stderr } = worker.process;
  if (stdout) forwardLines(stdout, lines.out);
  if (stderr) forwardLines(stderr, lines.err);
  // A channel that breaks is the end of the worker, which `exit` tells.
  worker.on('error', () => undefined);
  return {
    channel: {
      send(message) {
        if (worker.isConnected()) worker.process.send(message, undefined, undefined, () => undefined);
      },
      onMessage(listener) {
        worker.removeAllListeners('message');
        worker.on('message', listener);
      },
    },
    kill() {
      worker.process.kill('SIGKILL');
    },
    onExit(listener) {
      // Not `exit`, which comes before the last lines that it wrote.
      worker.process.once('close', (code, signal) => {
        listener(signal ?? String(code));
      });
    },
  };
}

/** A worker's way to its primary; `onSent` is told when a message has left. */
export function channelToPrimary(): Omit<Channel<ToPrimary, ToWorker>, 'send'> & {
  send: (message: ToPrimary, onSent?: () => void) => void;
} {
  return {
    send(message, onSent) {
      if (process.connected) process.send?.(message, undefined, undefined, () => onSent?.());
      else onSent?.();
    },
    onMessage(listener) {
      process.on('message', listener as (message: unknown) => void);
    },
  };
}

function forwardLines(stream: Readable, write: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) write(rest + text.slice(0, end));
    rest = end > 0 ? text.slice(end) : rest + text;
  });
  stream.on('end', () => {
    if (rest !== '') write(`${rest}\n`);
  });
}
