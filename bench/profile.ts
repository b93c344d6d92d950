import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A V8 CPU profile, as far as it is read here. */
export interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  /** Microseconds between samples. */
  timeDeltas: number[];
}

export interface Share {
  name: string;
  percent: number;
}

export interface Breakdown {
  layers: Share[];
  /** By package, by room of the gateway, by module of Node. */
  parts: Share[];
  functions: Share[];
}

export function readProfile(directory: string): CpuProfile {
  const file = readdirSync(directory).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error(`There is no profile in ${directory}`);
  return JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile;
}

/**
 * Where the busy time went, by who was on top of the stack.
 * @param skipMs of the profile's begin: the start of the process and its warm-up
 */
export function breakDown(profile: CpuProfile, skipMs: number): Breakdown {
  const owners = ownersOf(profile);
  const byLayer = new Map<string, number>();
  const byPart = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let passedMs = 0;
  let busyMs = 0;
  for (const [i, id] of profile.samples.entries()) {
    const tookMs = (profile.timeDeltas[i] ?? 0) / 1000;
    passedMs += tookMs;
    const owner = owners.get(id);
    if (passedMs < skipMs || !owner || owner.part === '(idle)') continue;
    busyMs += tookMs;
    add(byLayer, layerOf(owner.part), tookMs);
    add(byPart, owner.part, tookMs);
    add(byFunction, owner.name, tookMs);
  }
  const shares = (times: Map<string, number>): Share[] =>
    [...times]
      .map(([name, time]) => ({ name, percent: (time / busyMs) * 100 }))
      .sort((a, b) => b.percent - a.percent);
  return { layers: shares(byLayer), parts: shares(byPart), functions: shares(byFunction) };
}

const add = (times: Map<string, number>, name: string, tookMs: number): void =>
  void times.set(name, (times.get(name) ?? 0) + tookMs);

const LAYERS: readonly (readonly [RegExp, string])[] = [
  [/^src\//, 'this gateway'],
  [/^node:/, 'Node'],
  [/^graphql$/, 'graphql-js'],
  [/^@apollo\//, 'Apollo Server'],
  [/^(@pinojs\/|pino|sonic-boom|prom-client)/, 'logs and metrics'],
  [
    /^(express|router|body-parser|raw-body|.*express5|.*negotiator|type-is|content-type|on-finished)$/,
    'express',
  ],
  [/^\(garbage collector\)$/, 'garbage collection'],
];

const layerOf = (part: string): string => LAYERS.find(([pattern]) => pattern.test(part))?.[1] ?? 'the rest';

interface Owner {
  part: string;
  name: string;
}

/** Each node's part and name. What is built into the engine belongs to the part that called it. */
function ownersOf({ nodes }: CpuProfile): Map<number, Owner> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, Owner>();
  const visit = (id: number, callerPart: string): void => {
    const node = byId.get(id);
    if (!node) return;
    const { functionName, url, lineNumber } = node.callFrame;
    const part = partOf(functionName, url) ?? callerPart;
    const file = url === '' ? part : `${url.replace(/^.*\//, '')}:${lineNumber + 1}`;
    owners.set(id, { part, name: `${functionName || '(anonymous)'} (${file})` });
    for (const child of node.children ?? []) visit(child, part);
  };
  const root = nodes[0];
  if (root) visit(root.id, '(root)');
  return owners;
}

/** Undefined for engine code, which belongs to its caller's part. */
function partOf(functionName: string, url: string): string | undefined {
  if (['(idle)', '(program)', '(garbage collector)'].includes(functionName)) return functionName;
  if (url === '') return undefined;
  const module = /^node:(internal\/)?(\w+)/.exec(url)?.[2];
  if (module !== undefined) return `node:${module.replace(/^_http_.*/, 'http')}`;
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  const room = /\/dist\/([^/]+)/.exec(url)?.[1];
  return room === undefined ? url : `src/${room.replace(/\.js$/, '.ts')}`;
}
