import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PACKAGE } from '../support/gateway.js';

it('exits on SIGTERM although the reader of its log is gone', async () => {
  const gateway = spawn(process.execPath, [join(PACKAGE, 'dist/main.js')], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(gateway, 'exit');
  const [banner] = (await once(gateway.stdout, 'data')) as [Buffer];
  const url = /http:\/\/\S+\/graphql/.exec(String(banner))?.[0] ?? '';
  gateway.stdout.destroy();
  for (let i = 0; i < 20; i++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  }
  gateway.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

it('exits although the reader of its log went away just before', async () => {
  // Child processes load what is compiled.
  const source = `
    import { logStream } from ${JSON.stringify(join(PACKAGE, 'dist/telemetry/log/logStream.js'))};
    const stream = logStream(process.stdout.fd);
    stream.write('ready\\n');
    process.on('SIGUSR2', () => {
      stream.write('last words\\n');
      process.exit(1);
    });
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.kill('SIGUSR2');
  expect(await ended).toEqual([1, null]);
});
