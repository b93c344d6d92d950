import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { send } from './harness.js';

const MAIN = 'dist/sandbox/main.js';

function start(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
  });
  let output = '';
  let seen: (text: string) => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      seen(output);
    });
  }
  return {
    child,
    ended: new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code))),
    output: () => output,
    listening: new Promise<string>((resolve) => {
      seen = (text) => {
        const url = /listening on (\S+)/.exec(text)?.[1];
        if (url && text.includes('curl')) resolve(url);
      };
    }),
  };
}

describe('the sandbox alone', () => {
  it('prints its URL and tokens, and exits cleanly on SIGTERM', async () => {
    const { child, ended, listening, output } = start([], {
      SANDBOX_PORT: '0',
      HOST: '127.0.0.1',
      LATENCY_MS: '',
    });
    const url = await listening;
    expect((await send(`${url}/images`)).status).toBe(200);
    expect(output()).toMatch(/alice-read +Alice's account/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('prints help', async () => {
    const { ended, output } = start(['--help'], {});
    expect(await ended).toBe(0);
    expect(output()).toContain('SANDBOX_PORT');
  });

  it('names a port in use', async () => {
    const first = start([], { SANDBOX_PORT: '0', HOST: '127.0.0.1' });
    const { port } = new URL(await first.listening);
    const { ended, output } = start([], { SANDBOX_PORT: port, HOST: '127.0.0.1' });
    expect([await ended, output().trim()]).toEqual([1, `SANDBOX_PORT ${port} is in use on 127.0.0.1`]);
    first.child.kill('SIGTERM');
    await first.ended;
  });

  it.each([
    ['SANDBOX_PORT', 'high', 'a whole number from 0 to 65535'],
    ['SANDBOX_SPEED', '0', 'a whole number from 1 to 1000'],
    ['LINODE_SANDBOX_API', '4.0', 'latest or 4.176'],
  ])('names the invalid variable %s', async (name, value, wanted) => {
    const { ended, output } = start([], { [name]: value });
    expect(await ended).toBe(1);
    expect(output().trim()).toBe(`${name} must be ${wanted}, not "${value}"`);
  });

  it('serves the version of the API in the environment', async () => {
    const { child, ended, listening } = start([], { SANDBOX_PORT: '0', LINODE_SANDBOX_API: '4.176' });
    const { body } = await send<object>(`${await listening}/images/private%2F23849731`);
    expect(body).not.toHaveProperty('tags');
    child.kill('SIGTERM');
    await ended;
  });
});
