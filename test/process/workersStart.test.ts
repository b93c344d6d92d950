import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { atDepth, itDeep } from '../support/depth.js';
import { startBuiltProcess } from '../support/builtProcess.js';

let taken: Server;
let port: number;

beforeEach(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  ({ port } = taken.address() as AddressInfo);
});
afterEach(() => {
  taken.close();
});

/** What it says when it does not start, and how it ended. */
async function refusal(
  env: Record<string, string>,
  preload = '',
): Promise<{ how: string | undefined; said: string | undefined }> {
  const error = await startBuiltProcess({
    env: { GRAPHIQL: 'false', WORKERS: '2', ...env },
    execArgv: preload === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`],
  }).then(
    ({ child }) => {
      child.kill('SIGKILL');
      throw new Error('It started');
    },
    (reason: Error) => reason,
  );
  const [, how, said] = /^It ended \((\w+)\) before it listened: (.*)$/s.exec(error.message) ?? [];
  return { how, said };
}

describe('two workers that cannot start', () => {
  const FAILURES: [string, () => Record<string, string>, RegExp][] = [
    ['a port that is taken', () => ({ PORT: String(port) }), /^PORT \d+ is in use on 127\.0\.0\.1\n$/],
    [
      'an address that is not ours',
      () => ({ HOST: '192.0.2.1' }),
      /^HOST 192\.0\.2\.1 is no address [^\n]*\n$/,
    ],
    [
      'a manifest that is missing',
      () => ({ PERSISTED_OPERATIONS: '/nowhere.json' }),
      /^PERSISTED_OPERATIONS \/nowhere.json [^\n]*\n$/,
    ],
    [
      "a sandbox's port that is taken",
      () => ({ SANDBOX_PORT: String(port) }),
      /^SANDBOX_PORT \d+ is in use on 127\.0\.0\.1\n$/,
    ],
    ['a variable that is wrong', () => ({ PORT: 'x' }), /^PORT must be [^\n]*\n$/],
  ];
  it.each(FAILURES.slice(0, atDepth(1, FAILURES.length)))(
    'say why in the words of one process, with its exit code: %s',
    async (_, env, words) => {
      const told = await refusal(env());
      expect(told.said).toMatch(words);
      expect(told).toEqual(await refusal({ ...env(), WORKERS: '1' }));
      expect(told.how).toBe('1');
    },
  );

  itDeep('say so in one line when the port is taken after the primary saw it free', async () => {
    const told = await refusal(
      {},
      `import cluster from 'node:cluster';
      import { createServer, Server } from 'node:net';
      const { close } = Server.prototype;
      if (cluster.isPrimary) Server.prototype.close = function (done) {
        Server.prototype.close = close;
        const { port, address } = this.address();
        return close.call(this, () => createServer().listen(port, address, done));
      };`,
    );
    expect(told.how).toBe('1');
    expect(told.said).toMatch(/^PORT \d+ is in use on 127\.0\.0\.1\n$/);
  });

  it('report once that both of them crashed', async () => {
    const { how, said } = await refusal(
      {},
      `import cluster from 'node:cluster';
      import { Server } from 'node:http';
      if (cluster.isWorker) Server.prototype.listen = () => void setImmediate(() => { throw new Error('boom'); });`,
    );
    expect(how).toBe('1');
    expect(said).toMatch(/^Error: boom\n( {4}at [^\n]*\n)+$/);
  });

  itDeep('say so in one line when one of them was killed', async () => {
    const told = await refusal(
      {},
      `import cluster from 'node:cluster';
      if (cluster.isWorker) process.kill(process.pid, 'SIGKILL');`,
    );
    expect(told).toEqual({ how: '1', said: 'A worker ended (SIGKILL) before all listened\n' });
  });
});
