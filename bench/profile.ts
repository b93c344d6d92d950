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
  /** By package, by room of the gateway, by module of Node. */
  layers: Share[];
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
  const byFunction = new Map<string, number>();
  let passedMs = 0;
  let busyMs = 0;
  for (const [i, id] of profile.samples.entries()) {
    const tookMs = (profile.timeDeltas[i] ?? 0) / 1000;
    passedMs += tookMs;
    const owner = owners.get(id);
    if (passedMs < skipMs || !owner || owner.layer === '(idle)') continue;
    busyMs += tookMs;
    byLayer.set(owner.layer, (byLayer.get(owner.layer) ?? 0) + tookMs);
    byFunction.set(owner.name, (byFunction.get(owner.name) ?? 0) + tookMs);
  }
  const shares = (times: Map<string, number>): Share[] =>
    [...times]
      .map(([name, time]) => ({ name, percent: (time / busyMs) * 100 }))
      .sort((a, b) => b.percent - a.percent);
  return { layers: shares(byLayer), functions: shares(byFunction) };
}

interface Owner {
  layer: string;
  name: string;
}

/** Each node's layer and name. What is built into the engine belongs to the layer that called it. */
function ownersOf({ nodes }: CpuProfile): Map<number, Owner> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, Owner>();
  const visit = (id: number, callerLayer: string): void => {
    const node = byId.get(id);
    if (!node) return;
    const { functionName, url, lineNumber } = node.callFrame;
    const layer = layerOf(functionName, url) ?? callerLayer;
    const file = url === '' ? layer : `${url.replace(/^.*\//, '')}:${lineNumber + 1}`;
    owners.set(id, { layer, name: `${functionName || '(anonymous)'} (${file})` });
    for (const child of node.children ?? []) visit(child, layer);
  };
  const root = nodes[0];
  if (root) visit(root.id, '(root)');
  return owners;
}

/** Undefined where only the caller tells. */
function layerOf(functionName: string, url: string): string | undefined {
  if (['(idle)', '(program)', '(garbage collector)'].includes(functionName)) return functionName;
  if (url === '') return undefined;
  const module = /^node:(internal\/)?(\w+)/.exec(url)?.[2];
  if (module !== undefined) return `node:${module.replace(/^_http_.*/, 'http')}`;
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  const room = /\/dist\/([^/]+)/.exec(url)?.[1];
  return room === undefined ? url : `src/${room.replace(/\.js$/, '.ts')}`;
}
