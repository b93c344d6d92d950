import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Servers run on one core; load, upstream and this process on another. */
const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Whether processes can be kept to their cores here. */
export const canPin = (): boolean => cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Moves this process, and what it starts from now on, to the load's core. */
export function pinThisProcess(): void {
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', LOAD_CORE, String(process.pid)]);
}

/** The command that runs `command` on the servers' core, or on all there are. */
export const onServerCores = (command: readonly string[], needsAll = false): string[] => [
  'taskset',
  '--cpu-list',
  needsAll ? `0-${cpus().length - 1}` : SERVER_CORE,
  ...command,
];
