import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts the built gateway on a free port; resolves when it listens. */
export async function startGatewayProcess(env, execArgv = []) {
  const entry = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [...execArgv, entry], {
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent', GRAPHIQL: 'false', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const url = await new Promise((resolve, reject) => {
    let written = '';
    child.stdout.on('data', (chunk) => {
      written += chunk;
      const found = /http:\/\/\S+\/graphql/.exec(written);
      if (found) resolve(found[0]);
    });
    ended.then((code) => reject(new Error(`the gateway ended with ${code} before it listened`)));
  });
  return { child, url, ended };
}

/** Reads one sample of `/metrics` by its name and labels as written; undefined when there is none. */
export async function readMetric(url, sample) {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}
