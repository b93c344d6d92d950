import { parseArgs } from 'node:util';
import { CONTENDERS, type ContenderName } from './contenders.js';
import { FORMS, type Form } from './form.js';
import { WORKLOADS, type Workload } from './workloads.js';

export const HELP = `Measures this gateway beside plain Apollo Server and a raw node:http server.

  npm run bench -- [options]

  --only W1,W9,first   only these workloads; W9 means W9a to W9d, first the first reads of new callers,
                       compression the bytes and CPU time of compressed responses
  --form NAME          identical: requests with no headers of their own; proxied: each with its own request ID,
                       trace context and client address; both (both)
  --contenders a,b     of gateway, plain, ceiling (all)
  --delays 0,20        latency of the upstream, in ms (0,20)
  --runs N             runs of load per contender; medians are reported (3)
  --seconds N          how long a run lasts (5)
  --warm-up N          how long each contender runs before, in seconds (2)
  --connections N      concurrent connections (32)
  --workers N          the gateway with N processes; two or more have all cores, beside the load (1)
  --quick              one run of one second: to see that everything works
  --node               load by Node although wrk is installed
  --cpu-prof           says where the gateway's time goes, instead of comparing
  --out FILE           where the JSON goes (bench/results/latest.json)
`;

export interface Options {
  workloads: readonly Workload[];
  measuresFirstReads: boolean;
  measuresCompression: boolean;
  forms: readonly Form[];
  contenders: readonly ContenderName[];
  delaysMs: readonly number[];
  runs: number;
  seconds: number;
  warmUpSeconds: number;
  connections: number;
  workers: number;
  usesWrk: boolean;
  profiles: boolean;
  out: string;
}

/** @throws {Error} for an option that can't be understood */
export function readOptions(args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      form: { type: 'string', default: 'both' },
      contenders: { type: 'string', default: CONTENDERS.join() },
      delays: { type: 'string', default: '0,20' },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      connections: { type: 'string', default: '32' },
      workers: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      node: { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
      out: { type: 'string', default: 'bench/results/latest.json' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const [runs, seconds, warmUp] = values.quick ? ['1', '1', '1'] : ['3', '5', '2'];
  const names = values.only?.split(',');
  return {
    workloads:
      names?.filter((name) => name !== FIRST_READS && name !== COMPRESSION).flatMap(workloadsOf) ?? WORKLOADS,
    measuresFirstReads: names?.includes(FIRST_READS) ?? true,
    measuresCompression: names?.includes(COMPRESSION) ?? true,
    forms: formsOf(values.form),
    contenders: values.contenders.split(',').map(contenderOf),
    delaysMs: values.delays.split(',').map((delay) => wholeNumber('delays', delay, 0)),
    runs: wholeNumber('runs', values.runs ?? runs, 1),
    seconds: wholeNumber('seconds', values.seconds ?? seconds, 1),
    warmUpSeconds: wholeNumber('warm-up', values['warm-up'] ?? warmUp, 1),
    connections: wholeNumber('connections', values.connections, 1),
    workers: wholeNumber('workers', values.workers, 1),
    usesWrk: !values.node,
    profiles: values['cpu-prof'],
    out: values.out,
  };
}

const FIRST_READS = 'first';
const COMPRESSION = 'compression';

function workloadsOf(name: string): readonly Workload[] {
  const found = WORKLOADS.filter(
    (workload) => workload.name.replace(/[a-z]$/, '') === name || workload.name === name,
  );
  if (found.length === 0) throw new Error(`There is no workload "${name}"`);
  return found;
}

function formsOf(name: string): readonly Form[] {
  if (name === 'both') return FORMS;
  const found = FORMS.find((form) => form === name);
  if (!found) throw new Error(`There is no form "${name}"`);
  return [found];
}

function contenderOf(name: string): ContenderName {
  const found = CONTENDERS.find((contender) => contender === name);
  if (!found) throw new Error(`There is no contender "${name}"`);
  return found;
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) {
    throw new Error(`--${name} must be a whole number from ${least}, not "${text}"`);
  }
  return value;
}
