import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { ApiReply, Call, TestSandbox } from './harness.js';

export interface Exchange {
  request: { method: string; path: string; body?: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
}
type Shape = string | Shape[] | { [key: string]: Shape };

/** Keys and types without values. Null counts as a value; lists are compared by their first row. */
function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return 'value';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, shapeOf(each)]));
}

/** All recorded headers are present, with equal values except for the scopes of the recorder's token. */
export function expectHeaders(reply: ApiReply, recording: Exchange['response']): void {
  for (const [name, value] of Object.entries(recording.headers)) {
    const own = reply.headers.get(name);
    expect([name, own]).toEqual([name, expect.any(String)]);
    // Several layers added to Vary, so words repeat.
    const words = (text: string | null) =>
      new Set(text?.split(', ').filter((word) => word !== 'Accept-Encoding'));
    if (name !== 'x-oauth-scopes') expect([name, words(own)]).toEqual([name, words(value)]);
  }
}

/** Sends the request and compares status, headers and the shape of the body with the recording. */
export async function compare(
  { call }: TestSandbox,
  path: string,
  recording: Exchange['response'],
  given?: Call,
) {
  const reply = await call<unknown>(path, given);
  expect(reply.status).toBe(recording.status);
  expect(shapeOf(reply.body)).toEqual(shapeOf(recording.body));
  expectHeaders(reply, recording);
  return reply;
}

/** Reads the recordings in a folder. */
export function recordingsIn(folder: string) {
  function exchanges(file: string): Exchange[] {
    return JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as Exchange[];
  }

  function exchange(file: string, method: string, path: RegExp): Exchange['response'] {
    const found = exchanges(file).find(
      ({ request }) => request.method === method && request.path.search(path) === 0,
    );
    if (!found) throw new Error(`${file} has no ${method} ${path.source}`);
    return found.response;
  }

  return { exchanges, exchange };
}
