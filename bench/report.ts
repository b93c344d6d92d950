import type { Result, Skipped } from './comparison.js';
import type { FirstRead } from './firstRead.js';

export interface Report {
  date: string;
  /** Versions, machine, pinning and generator: what the figures depend on. */
  circumstances: Record<string, string>;
  results: Result[];
  skipped: Skipped[];
  firstReads: FirstRead[];
}

export function toMarkdown({ date, circumstances, results, skipped, firstReads }: Report): string {
  const facts = Object.entries(circumstances).map(([name, value]) => `${name} ${value}`);
  const delays = [...new Set(results.map(({ delayMs }) => delayMs))];
  return [
    `${date}: ${facts.join(', ')}.`,
    ...delays.flatMap((delay) => [
      `### Upstream delay ${delay} ms`,
      comparisonTable(results.filter(({ delayMs }) => delayMs === delay)),
    ]),
    ...(firstReads.length > 0
      ? ["### A caller's first read, nothing cached", firstReadTable(firstReads)]
      : []),
    ...skipped.map(
      ({ workload, delayMs, reason }) => `${workload} with ${delayMs} ms was skipped: ${reason}.`,
    ),
  ].join('\n\n');
}

function comparisonTable(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const rivals = results.filter(({ workload }) => workload === result.workload);
    const ratioTo = (name: string) => {
      const rival = rivals.find(({ contender }) => contender === name);
      return rival && rival !== result ? ratio(result.perSecond / rival.perSecond) : '';
    };
    return [
      result.workload,
      result.contender,
      Math.round(result.perSecond).toLocaleString('en'),
      ms(result.p50Ms),
      ms(result.p99Ms),
      ratioTo('plain'),
      ratioTo('ceiling'),
      result.contender === 'ceiling' ? '' : calls(result.upstreamCallsPerOperation),
      `${ms(result.halfLoad.p50Ms)} / ${ms(result.halfLoad.p99Ms)}`,
      String(Math.round(result.residentMegabytes)),
      troubles(result),
    ];
  });
  const titles = [...new Map(results.map(({ workload, title }) => [workload, title]))];
  return [
    table(
      [
        'workload',
        'server',
        'requests/s',
        'p50 ms',
        'p99 ms',
        '× plain',
        '× ceiling',
        'upstream calls/op',
        'half load p50 / p99 ms',
        'RSS MB',
        'trouble',
      ],
      rows,
    ),
    '',
    titles.map(([workload, title]) => `${workload}: ${title}.`).join(' '),
  ].join('\n');
}

/** Answers of another size than those that were verified are errors, or stale. */
function troubles({ failures, bytesPerAnswer, bytesPerVerifiedAnswer }: Result): string {
  const change = bytesPerAnswer / bytesPerVerifiedAnswer - 1;
  return [
    ...(failures === 0 ? [] : [`${failures} failed`]),
    ...(Math.abs(change) < 0.03 ? [] : [`answers ${(change * 100).toFixed(0)} % longer`]),
  ].join(', ');
}

const firstReadTable = (firstReads: readonly FirstRead[]): string =>
  table(
    ['read', 'upstream delay ms', 'gateway ms', 'plain ms', 'the same call by hand ms', 'gateway adds ms'],
    firstReads.map((read) => [
      read.title,
      String(read.delayMs),
      ms(read.gatewayMs),
      ms(read.plainMs),
      ms(read.upstreamMs),
      ms(read.gatewayMs - read.upstreamMs),
    ]),
  );

/** Text in the first columns, on the left; figures in the others, on the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns = 2,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ruler = `|${header.map((_, i) => (i < textColumns ? '---' : '--:')).join('|')}|`;
  return [line(header), ruler, ...rows.map(line)].join('\n');
}

const ms = (value: number): string => value.toFixed(2);
const ratio = (value: number): string => value.toFixed(2);
const calls = (value: number): string => (value < 0.01 ? value.toFixed(5) : value.toFixed(2));
