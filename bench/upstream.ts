import { once } from 'node:events';
import { join } from 'node:path';
import { startServer } from './server.js';

export interface Upstream {
  /** With its version path. */
  url: string;
  /** How many requests it has got so far. */
  requests(): Promise<number>;
  stop(): Promise<void>;
}

/** @param compiled where this benchmark's compiled files are */
export async function startUpstream(compiled: string, latencyMs: number): Promise<Upstream> {
  const server = await startServer({
    command: [process.execPath, join(compiled, 'upstream', 'main.js')],
    env: { LATENCY_MS: String(latencyMs) },
    hasChannel: true,
  });
  return {
    url: `http://127.0.0.1:${server.port}/v4`,
    requests: async () => {
      const counted = once(server.child, 'message') as Promise<[{ requests: number }]>;
      server.child.send('count');
      const [{ requests }] = await counted;
      return requests;
    },
    stop: () => server.stop(),
  };
}
