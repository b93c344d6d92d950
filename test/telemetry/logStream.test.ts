import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { logStream } from '../../src/telemetry/log/logStream.js';
import { until } from '../support/until.js';

let directory: string;
let fd: number;
let exitListeners: NodeJS.ExitListener[];

beforeEach(() => {
  exitListeners = process.listeners('exit');
  directory = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => {
  closeSync(fd);
  rmSync(directory, { recursive: true });
  // The stream's own would write to a descriptor that may be another file's by then.
  for (const listener of process.listeners('exit')) {
    if (!exitListeners.includes(listener)) process.removeListener('exit', listener);
  }
});

/** A pipe that holds 64 KB, and then says that it is full. */
function openPipe(): void {
  const path = join(directory, 'pipe');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

/** Reads what is there; '' when nothing is. */
function readPipe(): Buffer {
  const buffer = Buffer.alloc(256 * 1024);
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch {
    return Buffer.alloc(0);
  }
}

describe('the stream of log lines', () => {
  it.each([
    ['short', (i: number) => `line ${i}\n`],
    ['of many bytes a character', (i: number) => `${'äöü€😀'.repeat(i % 50)} ${i}\n`],
    ['of all lengths, some longer than a batch', (i: number) => `${'x'.repeat((i * 7919) % 100_000)} ${i}\n`],
  ])('writes all lines in their order: %s', async (_, lineOf) => {
    const path = join(directory, 'log');
    fd = openSync(path, 'w');
    const stream = logStream(fd);
    const lines = Array.from({ length: 120 }, (__, i) => lineOf(i));
    for (const [i, line] of lines.entries()) {
      stream.write(line);
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const all = lines.join('');
    await until(() => statSync(path).size >= Buffer.byteLength(all), 'the log file to be complete');
    expect(readFileSync(path, 'utf8')).toBe(all);
  });

  it('writes waiting lines at exit, although a batch is being written', async () => {
    const path = join(directory, 'log');
    fd = openSync(path, 'w');
    const stream = logStream(fd);
    const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}\n`);
    // The first batch is being written from now on; that it was is reported in a later turn.
    for (const line of lines) stream.write(line);
    process.listeners('exit').at(-1)?.call(process, 1);
    await until(() => readFileSync(path).length >= lines.join('').length, 'the log file to be complete');
    // A thread that gets no time at all would have its batch come last.
    expect(readFileSync(path, 'utf8').split('\n').sort()).toEqual(lines.join('').split('\n').sort());
  });

  it('waits for a reader that stops, writes the rest when it resumes, and loses no byte', async () => {
    openPipe();
    const stream = logStream(fd);
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${'é'.repeat(i % 30)}\n`);
    for (const line of lines) stream.write(line);
    // Full, and left alone for some time.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const all = Buffer.from(lines.join(''));
    const read: Buffer[] = [];
    await until(() => {
      read.push(readPipe());
      return read.reduce((sum, { length }) => sum + length, 0) >= all.length;
    }, 'the pipe to carry all lines');
    expect(Buffer.concat(read).equals(all)).toBe(true);
  });

  it('drops lines beyond sixteen megabytes', async () => {
    openPipe();
    const stream = logStream(fd);
    const line = `${'x'.repeat(9_999)}\n`;
    for (let i = 0; i < 3000; i++) stream.write(line);
    let bytes = 0;
    let quiet = 0;
    await until(() => {
      const { length } = readPipe();
      bytes += length;
      quiet = length === 0 ? quiet + 1 : 0;
      return bytes > 16 * 1024 * 1024 && quiet > 200;
    }, 'the pipe to run dry');
    expect(bytes % line.length).toBe(0);
    expect(bytes).toBeLessThan(16 * 1024 * 1024 + 128 * 1024);
  });
});
