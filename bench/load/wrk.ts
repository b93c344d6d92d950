import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { headersOf, isNumbered, RUNNING_NUMBER, type Question } from '../question.js';
import type { Load, Measurement } from './measurement.js';

const run = promisify(execFile);

export const hasWrk = (): boolean => spawnSync('wrk', ['-v']).error === undefined;

/** The peak, as wrk sees it: one thread, every connection asks again as soon as it is answered. */
export async function wrk(cycle: readonly Question[], load: Load, directory: string): Promise<Measurement> {
  const script = join(directory, 'workload.lua');
  writeFileSync(script, scriptOf(cycle, load.firstNumber));
  const { stdout } = await run('wrk', [
    '--threads=1',
    `--connections=${load.connections}`,
    `--duration=${load.seconds}s`,
    '--timeout=10s',
    `--script=${script}`,
    load.url,
  ]);
  const line = stdout.split('\n').find((each) => each.startsWith('{'));
  if (line === undefined) throw new Error(`wrk reported nothing:\n${stdout}`);
  const report = JSON.parse(line) as Omit<Measurement, 'perSecond'>;
  return { ...report, perSecond: report.requests / report.seconds };
}

const REPORT = `
function done(summary, latency)
  local e = summary.errors
  print(string.format(
    '{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"failures":%d,"bytes":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout, summary.bytes))
end
`;

function scriptOf(cycle: readonly Question[], firstNumber: number): string {
  const [only] = cycle;
  // One request for ever is what wrk is quickest at.
  if (cycle.length === 1 && only && !isNumbered(only)) {
    return `wrk.method = "POST"\nwrk.body = ${lua(only.body)}\nwrk.headers = ${luaHeaders(only)}\n${REPORT}`;
  }
  const questions = cycle.map(
    (question) =>
      `{ numbered = ${isNumbered(question)}, headers = ${luaHeaders(question)}, body = ${lua(question.body)} }`,
  );
  return `
local questions = { ${questions.join(',\n')} }
local written = {}
local count = 0

function init()
  for i, q in ipairs(questions) do
    if not q.numbered then written[i] = wrk.format("POST", nil, q.headers, q.body) end
  end
end

function request()
  local i = count % #questions + 1
  local number = string.format("%d", ${firstNumber} + count)
  count = count + 1
  if written[i] then return written[i] end
  local q = questions[i]
  return wrk.format("POST", nil, q.headers, (q.body:gsub("${RUNNING_NUMBER}", number)))
end
${REPORT}`;
}

const luaHeaders = (question: Question): string =>
  `{ ${Object.entries(headersOf(question))
    .map(([name, value]) => `[ ${lua(name)} ] = ${lua(value)}`)
    .join(', ')} }`;

/** ASCII text as Lua's long literal, which knows no escapes. */
const lua = (text: string): string => `[==[${text}]==]`;
