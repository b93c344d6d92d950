import type { Result, Skipped } from './comparison.js';
import type { CompressionFigure } from './compression.js';
import type { ContenderName } from './contenders.js';
import type { FirstRead } from './firstRead.js';
import { FORMS, type Form } from './form.js';

export interface Report {
  date: string;
  /** Versions, machine, pinning and generator: what the figures depend on. */
  circumstances: Record<string, string>;
  results: Result[];
  skipped: Skipped[];
  firstReads: FirstRead[];
  compression: CompressionFigure[];
}

export function toMarkdown({
  date,
  circumstances,
  results,
  skipped,
  firstReads,
  compression,
}: Report): string {
  const facts = Object.entries(circumstances).map(([name, value]) => `${name} ${value}`);
  const groups = FORMS.flatMap((form) =>
    [...new Set(results.map(({ delayMs }) => delayMs))].map((delayMs) => ({
      heading: `### ${TITLES[form]}, upstream delay ${delayMs} ms`,
      members: results.filter((result) => result.form === form && result.delayMs === delayMs),
    })),
  ).filter(({ members }) => members.length > 0);
  return [
    `${date}: ${facts.join(', ')}.`,
    ...groups.flatMap(({ heading, members }) => [heading, comparisonTable(members)]),
    ...(firstReads.length > 0
      ? ["### A caller's first read, nothing cached", firstReadTable(firstReads)]
      : []),
    ...(compression.length > 0 ? ['### Compression, behind a proxy', compressionTable(compression)] : []),
    ...skipped.map(
      ({ workload, form, delayMs, reason }) =>
        `${workload}, ${form}, with ${delayMs} ms was skipped: ${reason}.`,
    ),
  ].join('\n\n');
}

const TITLES: Readonly<Record<Form, string>> = {
  identical: 'Identical requests',
  proxied: 'Behind a proxy',
};

/** A row for each workload: the gateway's figures, and what the others had beside it. */
function comparisonTable(results: readonly Result[]): string {
  const titles = new Map(results.map(({ workload, title }) => [workload, title]));
  const rows = [...titles.keys()].map((workload) => {
    const of = (name: ContenderName) =>
      results.find((result) => result.workload === workload && result.contender === name);
    const [gateway, plain, ceiling] = [of('gateway'), of('plain'), of('ceiling')];
    const times = (rival: Result | undefined) =>
      gateway && rival ? (gateway.perSecond / rival.perSecond).toFixed(2) : '';
    return [
      workload,
      perSecond(gateway),
      perSecond(plain),
      perSecond(ceiling),
      times(plain),
      times(ceiling),
      ms(gateway?.p99Ms),
      ms(ceiling?.p99Ms),
      halfLoad(gateway),
      halfLoad(ceiling),
      calls(gateway),
      calls(plain),
      megabytes(gateway),
      megabytes(plain),
      [gateway, plain, ceiling].flatMap((result) => (result ? troubles(result) : [])).join(', '),
    ];
  });
  return [
    table(
      [
        'workload',
        'requests/s',
        "plain's",
        "ceiling's",
        '× plain',
        '× ceiling',
        'p99 ms',
        "ceiling's",
        'half load p50 / p99 ms',
        "ceiling's",
        'upstream calls/op',
        "plain's",
        'RSS MB',
        "plain's",
        'trouble',
      ],
      rows,
      1,
    ),
    '',
    [...titles].map(([workload, title]) => `${workload}: ${title}.`).join(' '),
  ].join('\n');
}

/** Responses of another size than those that were verified are errors, or stale. */
function troubles({ contender, failures, bytesPerResponse, bytesPerVerifiedResponse }: Result): string[] {
  const change = bytesPerResponse / bytesPerVerifiedResponse - 1;
  return [
    ...(failures === 0 ? [] : [`${contender}: ${failures} failed`]),
    ...(Math.abs(change) < 0.03
      ? []
      : [
          `${contender}: responses ${Math.abs(change * 100).toFixed(0)} % ${change > 0 ? 'longer' : 'shorter'}`,
        ]),
  ];
}

const firstReadTable = (firstReads: readonly FirstRead[]): string =>
  table(
    [
      'read',
      'form',
      'upstream delay ms',
      'gateway ms',
      'plain ms',
      'the same call by hand ms',
      'gateway adds ms',
    ],
    firstReads.map((read) => [
      read.title,
      read.form,
      String(read.delayMs),
      ms(read.gatewayMs),
      ms(read.plainMs),
      ms(read.upstreamMs),
      ms(read.gatewayMs - read.upstreamMs),
    ]),
  );

const compressionTable = (figures: readonly CompressionFigure[]): string =>
  table(
    ['response', 'coding', 'bytes', 'ratio', 'CPU µs'],
    figures.map((figure) => [
      figure.title,
      figure.coding,
      Math.round(figure.bytesPerResponse).toLocaleString('en'),
      figure.ratio.toFixed(1),
      figure.cpuMicrosecondsPerResponse.toFixed(0),
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

const ms = (value: number | undefined): string => value?.toFixed(2) ?? '';
const perSecond = (result: Result | undefined): string =>
  result ? Math.round(result.perSecond).toLocaleString('en') : '';
const halfLoad = (result: Result | undefined): string =>
  result ? `${ms(result.halfLoad.p50Ms)} / ${ms(result.halfLoad.p99Ms)}` : '';
const calls = (result: Result | undefined): string =>
  result?.upstreamCallsPerOperation.toFixed(result.upstreamCallsPerOperation < 0.01 ? 5 : 2) ?? '';
const megabytes = (result: Result | undefined): string =>
  result ? String(Math.round(result.residentMegabytes)) : '';
