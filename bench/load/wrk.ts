import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Form } from '../form.js';
import { CLIENT_ADDRESS, headersOf, RUNNING_NUMBER, type Operation } from '../operation.js';
import type { Load, Measurement } from './measurement.js';
import { isConstant, requestPieces } from './requests.js';

const run = promisify(execFile);

export const hasWrk = (): boolean => spawnSync('wrk', ['-v']).error === undefined;

/** The peak, as wrk sees it: one thread, every connection sends its next request as soon as it has a response. */
export async function wrk(cycle: readonly Operation[], load: Load, directory: string): Promise<Measurement> {
  const script = join(directory, 'workload.lua');
  writeFileSync(script, scriptOf(new URL(load.url), cycle, load.form, load.firstNumber));
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

/** In a template, 1 stands for the running number and 2 for the client's address. */
const PLACEHOLDERS = new Map([
  [RUNNING_NUMBER, '1'],
  [CLIENT_ADDRESS, '2'],
]);

export function scriptOf(url: URL, cycle: readonly Operation[], form: Form, firstNumber: number): string {
  const operations = [...new Set(cycle)];
  const [only] = operations;
  const templates = operations.map((operation) => requestPieces(url, operation, form));
  // wrk is quickest at a single request that never changes.
  if (only && operations.length === 1 && templates.every(isConstant)) {
    const headers = Object.entries(headersOf(only.token, form)).map(
      ([name, value]) => `[${lua(name)}] = ${lua(value)}`,
    );
    return `wrk.method = "POST"\nwrk.body = ${lua(only.body)}\nwrk.headers = { ${headers.join(', ')} }\n${REPORT}`;
  }
  const numberOf = new Map(operations.map((operation, i) => [operation, i + 1]));
  const pieces = (template: readonly string[]) =>
    template.map((piece) => PLACEHOLDERS.get(piece) ?? lua(piece)).join(', ');
  return `
local templates = { ${templates.map((template) => `{ ${pieces(template)} }`).join(',\n')} }
local cycle = { ${cycle.map((operation) => numberOf.get(operation)).join(', ')} }
local octets = {}
for i = 0, 255 do octets[i] = "." .. i end
local count = 0
local text = {}

function request()
  local template = templates[cycle[count % #cycle + 1]]
  local n = ${firstNumber} + count
  count = count + 1
  local size = #template
  if size == 1 then return template[1] end
  local number = string.format("%d", n)
  local address = "10" .. octets[math.floor(n / 65536) % 256] .. octets[math.floor(n / 256) % 256] .. octets[n % 256]
  for i = 1, size do
    local piece = template[i]
    if piece == 1 then piece = number elseif piece == 2 then piece = address end
    text[i] = piece
  end
  return table.concat(text, "", 1, size)
end
${REPORT}`;
}

/** ASCII text as a literal of Lua's, whose escapes for it are JSON's. */
const lua = (text: string): string => JSON.stringify(text);
