import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config/readConfig.js';
import { blocksOf, documentAt } from '../support/documents.js';
import { house } from '../support/house.js';

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

/** The commands of the README's tour, each with the answer that it shows; without one where nothing is printed. */
function tour(): { command: string; shown: unknown }[] {
  const { path, text } = documentAt('README.md');
  const section = /^## A tour in 60 seconds$.*?(?=^## )/ms.exec(text)?.[0] ?? '';
  const blocks = blocksOf({ path, text: section });
  return blocks.flatMap(({ language, code }, i) => {
    if (language !== 'sh') return [];
    const next = blocks[i + 1];
    return [
      { command: code, shown: next?.language === 'json' ? (JSON.parse(next.code) as unknown) : undefined },
    ];
  });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tour-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) process.stderr.write('SKIPPED: there is no curl to take the tour of the README with\n');

describe("the README's tour", () => {
  (hasCurl ? it : it.skip)('answers as the page shows it', async () => {
    const { clock, gateway } = await house();
    const steps = tour();
    expect(steps.length).toBeGreaterThan(10);
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
    const urls = [...documentAt('README.md').text.matchAll(/http:\/\/[\d.]+:\d+\/graphql/g)].map(
      ([url]) => url,
    );
    expect(new Set(urls)).toEqual(new Set([`http://${host}:${port}/graphql`]));
  });
});
