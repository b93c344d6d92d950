/** Everything that is wrong with the environment, a line for each variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Why a process can't start, a line for each problem. */
export const problemsOf = (error: unknown): readonly string[] => {
  if (error instanceof ConfigError) return error.problems;
  if (!(error instanceof Error)) return [String(error)];
  return [listenProblem(error) ?? error.message];
};

/** What is wrong with the address that a server should listen on; undefined where the error is something else. */
function listenProblem(error: NodeJS.ErrnoException): string | undefined {
  const { code, port, address, hostname } = error as NodeJS.ErrnoException & Partial<Record<string, string>>;
  if (code === 'EADDRINUSE') return `PORT ${port} is in use on ${address}`;
  if (code === 'EACCES' && port !== undefined) return `PORT ${port} is not allowed to this process`;
  if (code === 'EADDRNOTAVAIL') return `HOST ${address} is no address of this machine`;
  if (hostname !== undefined) return `HOST ${hostname} can't be found`;
  return undefined;
}
