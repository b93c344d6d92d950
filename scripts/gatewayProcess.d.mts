import type { ChildProcess } from 'node:child_process';

/** Starts the built gateway on a free port; resolves when it listens. */
export function startGatewayProcess(
  env: Record<string, string>,
  execArgv?: string[],
): Promise<{ child: ChildProcess; url: string; ended: Promise<number | string> }>;

/** Reads one sample of `/metrics` by its name and labels as written; undefined when there is none. */
export function readMetric(url: string, sample: string): Promise<number | undefined>;
