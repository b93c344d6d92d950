import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config/readConfig.js';
import { DEFAULT_SPEED } from '../../src/sandbox/sandbox.js';
import { blocksOf, documentAt } from '../support/documents.js';
import { startStack } from '../support/stack.js';

const run = promisify(execFile);
const shell = (command: string, options: { cwd: string; env: NodeJS.ProcessEnv }) =>
  run('sh', ['-c', command], options).then(({ stdout }) => stdout);

/** Facts of one run, which the reader's will be others. */
const OF_ONE_RUN = new Set(['ms', 'budgetLeft']);

/** Whether an answer is as the page shows it: the page may leave keys out, and `…` is any text. */
function expectShown(answer: unknown, shown: unknown, at = 'the answer'): void {
  if (Array.isArray(shown)) {
    expect([at, Array.isArray(answer) && answer.length]).toEqual([at, shown.length]);
    shown.forEach((each, i) => {
      expectShown((answer as unknown[])[i], each, `${at}[${i}]`);
    });
  } else if (typeof shown === 'object' && shown !== null) {
    for (const [key, value] of Object.entries(shown)) {
      const own = (answer as Record<string, unknown> | null | undefined)?.[key];
      if (OF_ONE_RUN.has(key)) expect([at, key, typeof own]).toEqual([at, key, typeof value]);
      else expectShown(own, value, `${at}.${key}`);
    }
  } else if (typeof shown === 'string' && shown.includes('…')) {
    const [begin = '', end = ''] = shown.split('…');
    expect([at, String(answer).startsWith(begin), String(answer).endsWith(end)]).toEqual([at, true, true]);
  } else {
    expect([at, answer]).toEqual([at, shown]);
  }
}

/** The commands of a document, each with the response that it shows; without one where nothing is printed. */
function commandsOf(path: string): { command: string; shown: unknown }[] {
  const blocks = blocksOf(documentAt(path)).filter(
    ({ language, code }) => language === 'json' || isCommand(code),
  );
  return blocks.flatMap(({ language, code }, i) => {
    if (language !== 'sh') return [];
    const next = blocks[i + 1];
    return [
      { command: code, shown: next?.language === 'json' ? (JSON.parse(next.code) as unknown) : undefined },
    ];
  });
}

/** What talks to the gateway, or prepares what is sent; the rest installs and starts it. */
const isCommand = (code: string): boolean => /^(?:curl|head) /.test(code);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tour-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl)
  process.stderr.write('SKIPPED: curl is not installed, so the commands of the documents do not run\n');

describe.each([
  ['README.md', 3],
  ['docs/tour.md', 12],
])('the commands of %s', (path, least) => {
  (hasCurl ? it : it.skip)('respond as the page shows', async () => {
    const { clock, gateway } = await startStack({ sandbox: { speed: DEFAULT_SPEED } });
    const steps = commandsOf(path);
    expect(steps.length).toBeGreaterThanOrEqual(least);
    let uploadTo = '';
    for (const { command, shown } of steps) {
      clock.advance(6000);
      const printed = await shell(command.replaceAll('http://127.0.0.1:4000/graphql', gateway.url), {
        cwd: folder,
        env: { ...process.env, UPLOAD_TO: uploadTo },
      });
      uploadTo = /"uploadTo":"([^"]+)"/.exec(printed)?.[1] ?? uploadTo;
      if (shown === undefined) expect(printed).toBe('');
      else expectShown(JSON.parse(printed), shown);
    }
    expect(gateway.bugs).toEqual([]);
  });

  it('goes where the gateway listens unless told otherwise', () => {
    const { host, port } = readConfig({}).server;
    const urls = [...documentAt(path).text.matchAll(/http:\/\/[\d.]+:\d+\/graphql/g)].map(([url]) => url);
    expect(new Set(urls)).toEqual(new Set([`http://${host}:${port}/graphql`]));
  });
});
