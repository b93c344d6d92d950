import { gzipSync } from 'node:zlib';
import { afterEach, describe, it } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js';

/** The time at which the seed data was taken. */
export const NOW = Date.parse('2024-05-20T12:00:00Z');

export interface ApiReply<T = unknown> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

export interface Call {
  method?: string;
  /** null: anonymous; default `alice-full`. */
  token?: string | null;
  filter?: unknown;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  redirect?: 'follow' | 'manual';
}

export interface TestSandbox {
  sandbox: Sandbox;
  clock: { ms: number };
  call: <T = { [key: string]: unknown }>(path: string, call?: Call) => Promise<ApiReply<T>>;
}

/** A file that an upload accepts. */
export const GZIP = gzipSync('a disk');

export interface Page<T> {
  data: T[];
  page: number;
  pages: number;
  results: number;
}

export interface Errors {
  errors: { reason: string; field?: string }[];
}

const open: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

/** Starts a sandbox on a manual clock. It is closed after the test. */
export async function startTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const clock = { ms: NOW };
  const sandbox = await startSandbox({ now: () => clock.ms, ...options });
  open.push(sandbox);
  return { sandbox, clock, call: (path, call) => send(sandbox.url + path, call) };
}

export async function send<T>(url: string, call: Call = {}): Promise<ApiReply<T>> {
  const { method = 'GET', token = 'alice-full', filter, body } = call;
  const headers: Record<string, string> = { ...call.headers };
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  if (filter !== undefined)
    headers['x-filter'] = typeof filter === 'string' ? filter : JSON.stringify(filter);
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const given = body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) };
  const response = await fetch(url, {
    method,
    headers,
    ...given,
    ...(call.signal && { signal: call.signal }),
    ...(call.redirect && { redirect: call.redirect }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) as T };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `describe` if the environment variable is set; otherwise the tests are skipped with a message. */
export function describeWithEnv(variable: string, name: string, tests: (value: string) => void): void {
  const value = process.env[variable];
  if (value) return describe(name, () => tests(value));
  // Jest does not print the console of a file whose tests are all skipped.
  process.stderr.write(`${variable} is unset, so these tests are skipped: ${name}\n`);
  describe.skip(name, () => it('needs the variable', () => undefined));
}
