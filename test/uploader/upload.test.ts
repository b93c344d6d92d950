import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { readCommandLine } from '../../src/uploader/commandLine.js';
import { UploadFailure } from '../../src/uploader/exitCode.js';
import { upload } from '../../src/uploader/upload.js';
import { atDepth } from '../support/depth.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';
import { startUpload, type UploadProcess } from '../support/uploadProcess.js';

const TOKEN = 'alice-full';
const DEFAULTS = ['--label', 'golden', '--region', 'us-east'];
const PUT = /^PUT \/uploads\//;
const DELETE = /^DELETE \/images\//;
const CREATE = 'POST /images/upload';

let linode: Sandbox;
let gateway: TestGateway;
let folder: string;
let file: string;
const running: UploadProcess[] = [];

beforeEach(async () => {
  linode = await startSandbox({ speed: 1000 });
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
  folder = mkdtempSync(join(tmpdir(), 'uploader-'));
  file = join(folder, 'disk.img.gz');
  // Does not compress, so that it takes more than one piece.
  writeFileSync(file, gzipSync(randomBytes(300_000)));
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true });
  await gateway.close();
  await linode.close();
});

function start(
  args: readonly string[],
  more: Partial<Parameters<typeof startUpload>[0]> = {},
): UploadProcess {
  const process = startUpload({
    args: [...DEFAULTS, '--endpoint', gateway.url, ...args],
    ...more,
    env: { LINODE_TOKEN: TOKEN, TMPDIR: folder, HOME: folder, ...more.env },
  });
  running.push(process);
  return process;
}

/** Runs it to its end; no output may hold the token or the signature of the upload URL. */
async function run(args: readonly string[], more?: Partial<Parameters<typeof startUpload>[0]>) {
  const started = start(args, more);
  const exitCode = await started.ended;
  const [stdout, stderr] = [started.stdout(), started.stderr()];
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain('Signature=');
  }
  return { exitCode, stdout, stderr, events: started.events };
}

/** Why it fails, in this process. */
async function failureOf(args: readonly string[], env: Record<string, string> = {}): Promise<UploadFailure> {
  try {
    const options = readCommandLine([...DEFAULTS, '--endpoint', gateway.url, ...args]);
    if (typeof options === 'string') throw new Error(`it prints ${options}`);
    await upload(options, {
      env: { LINODE_TOKEN: TOKEN, ...env },
      home: folder,
      stdin: Readable.from([]),
      report: () => undefined,
      signal: new AbortController().signal,
    });
  } catch (error) {
    if (error instanceof UploadFailure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

const pendingImages = () => linode.images(TOKEN).filter(({ status }) => status === 'pending_upload');
const created = () => linode.images(TOKEN).find(({ label }) => label === 'golden');

describe('an upload', () => {
  it('follows the image until it is available, and prints its ID', async () => {
    const args = [file, '--description', 'of CI', '--tags', 'b, a', '--tags', 'c', '--cloud-init'];
    const { exitCode, stdout, stderr } = await run(args);
    expect([exitCode, stdout.trim()]).toEqual([0, created()?.id]);
    expect(created()).toMatchObject({
      status: 'available',
      description: 'of CI',
      tags: ['a', 'b', 'c'],
      capabilities: ['cloud-init', 'distributed-sites'],
    });
    expect(stderr).toMatch(/uploading: 100 %\n.*is available\n$/s);
    expect([linode.count(CREATE), linode.count(PUT), linode.count(DELETE)]).toEqual([1, 1, 0]);
  });

  it('follows by one subscription', async () => {
    expect((await run([file])).exitCode).toBe(0);
    await until(() => gateway.operations.length === 2, 'the operations to be reported');
    expect(gateway.operations.map(({ name, type }) => [name, type])).toEqual([
      ['UploadImage', 'mutation'],
      ['FollowUpload', 'subscription'],
    ]);
  });

  it('follows by queries where no subscription gets through', async () => {
    const proxy = createServer((req, res) => {
      const isStream = req.headers.accept?.includes('text/event-stream');
      if (isStream) res.writeHead(406).end();
      else
        req.pipe(
          request(gateway.url, { method: 'POST', headers: req.headers }, (response) => response.pipe(res)),
        );
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const { exitCode } = await run([file, '--endpoint', `http://127.0.0.1:${port}/graphql`]);
    proxy.close();
    proxy.closeAllConnections();
    expect(exitCode).toBe(0);
    expect(gateway.operations.map(({ name }) => name)).toContain('UploadState');
  });

  it('reports one JSON object per line', async () => {
    const { exitCode, events, stderr } = await run([file, '--json']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const kinds = events().map(({ event }) => event);
    expect(kinds.slice(0, 3)).toEqual(['checking', 'created', 'uploading']);
    expect(kinds.at(-1)).toBe('available');
    const sent = events().filter(({ event }) => event === 'uploading');
    expect(sent.at(-1)).toMatchObject({ bytes: sent.at(-1)?.['totalBytes'] });
    expect(events().at(-1)).toEqual({ event: 'available', imageId: created()?.id });
  });

  it('prints nothing but the ID with --quiet', async () => {
    const { exitCode, stdout, stderr } = await run([file, '--quiet']);
    expect([exitCode, stdout.trim(), stderr]).toEqual([0, created()?.id, '']);
  });

  it('exits after the upload with --no-wait', async () => {
    const { exitCode, stderr } = await run([file, '--no-wait']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/uploaded .* to private\/\d+\n$/);
  });

  it('compresses a raw image to a temporary file, and removes it', async () => {
    const raw = join(folder, 'disk.img');
    writeFileSync(raw, Buffer.alloc(3_000_000));
    const { exitCode } = await run([raw, '--gzip']);
    expect([exitCode, created()?.size]).toEqual([0, 3]);
    expect(readdirSync(folder).sort()).toEqual(['disk.img', 'disk.img.gz']);
  });

  it.each([
    ['of a known size', (bytes: number) => ['--size', String(bytes)], gzipSync(randomBytes(200_000))],
    ['that it compresses', () => ['--gzip'], randomBytes(200_000)],
  ])('reads standard input %s', async (_, options, content) => {
    const pieces = [content.subarray(0, 1), content.subarray(1, 100_000), content.subarray(100_000)];
    const { exitCode } = await run(['-', ...options(content.length)], { stdin: pieces });
    expect([exitCode, created()?.status]).toEqual([0, 'available']);
  });
});

describe('nothing is created', () => {
  it.each([
    ['a file that does not exist', 3, () => join(folder, 'none.gz'), 'it does not exist'],
    ['a directory', 3, () => folder, 'is not a file'],
    ['an empty file', 3, () => write(Buffer.alloc(0)), 'is empty'],
    ['a file that is not gzip', 3, () => write(Buffer.from('QFI\xfb')), 'add --gzip'],
    [
      'a truncated file',
      3,
      () => write(gzipSync(randomBytes(90_000)).subarray(0, 50_000)),
      'no complete gzip',
    ],
    ['a damaged file', 3, () => write(damaged(gzipSync(randomBytes(90_000)))), 'no complete gzip'],
    ['a compressed file with --gzip', 3, () => [file, '--gzip'], 'leave out --gzip'],
    ['standard input without a size', 2, () => '-', 'needs --size'],
    ['an unknown option', 2, () => [file, '--token', 'x'], '--token'],
    ['a label of spaces', 2, () => [file, '--label', ' '], '--label is missing'],
    [
      'plain HTTP to another machine',
      2,
      () => [file, '--endpoint', 'http://192.0.2.1/graphql'],
      'unencrypted',
    ],
  ])('for %s', async (_, code, argsOf, reason) => {
    const failure = await failureOf([argsOf()].flat());
    expect(failure.exitCode).toBe(code);
    expect(failure.message).toContain(reason);
    expect(linode.requests).toEqual([]);
  });

  it('says so, and exits with the code', async () => {
    const { exitCode, stdout, stderr } = await run([write(Buffer.from('QFI'))]);
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^linode-images-upload: disk\.img\.gz is not compressed with gzip/);
  });

  const write = (content: Buffer): string => {
    writeFileSync(file, content);
    return file;
  };
  const damaged = (content: Buffer): Buffer => {
    content.writeUInt32LE(7, content.length - 8);
    return content;
  };

  it.each([
    ['a token without the scope', [], { LINODE_TOKEN: 'alice-read' }, /images:read_write/],
    ['a refused token', [], { LINODE_TOKEN: 'made-up' }, /not created: .*token/i],
    ['a region that stores no images', ['--region', 'us-west'], {}, /region: /],
    ['a label that is too long', ['--label', 'x'.repeat(51)], {}, /label: /],
    ['a server that is no gateway', ['--endpoint', 'http://127.0.0.1:1/graphql'], {}, /ECONNREFUSED/],
  ])('for %s', async (_, args, env, reason) => {
    const failure = await failureOf([file, ...args], env);
    expect(failure.exitCode).toBe(4);
    expect(failure.message).toMatch(reason);
    expect([linode.count(PUT), created()]).toEqual([0, undefined]);
  });
});

describe('an upload that fails', () => {
  const storage = { method: 'PUT', path: /^\/uploads\// };

  it.each([
    [
      'a signature that is refused',
      { status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' },
    ],
    ['an expired URL', { status: 403, body: '<Error><Message>Request has expired</Message></Error>' }],
  ])('is not repeated after %s, and leaves no image', async (_, fault) => {
    linode.fault({ ...storage, ...fault });
    const { exitCode, stderr } = await run([file]);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/status 403: (SignatureDoesNotMatch|the upload URL has expired)/);
    expect([linode.count(PUT), created()]).toEqual([1, undefined]);
  });

  it.each([
    ['the storage answers 500', { status: 500 }],
    ['the connection is reset halfway', { reset: 'mid-upload' as const }],
    ['the connection is reset before the response', { reset: 'before' as const }],
  ])('is repeated as a whole when %s', async (_, fault) => {
    linode.fault({ ...storage, ...fault, times: 1 });
    const { exitCode, stderr } = await run([file]);
    expect([exitCode, created()?.status]).toEqual([0, 'available']);
    expect(stderr).toContain('attempt 2: ');
    expect(linode.count(PUT)).toBe(2);
  });

  it('leaves no image when standard input is shorter than announced', async () => {
    const content = gzipSync(randomBytes(1000));
    const { exitCode, stderr } = await run(['-', '--size', String(content.length + 1)], { stdin: [content] });
    expect([exitCode, created()]).toEqual([5, undefined]);
    expect(stderr).toContain('standard input does not have the size it was announced with');
  });

  it('says why Linode could not process the file', async () => {
    linode.fault({
      method: 'POST',
      path: '/images/upload',
      outcome: 'failed',
      message: 'Failed to decompress image',
    });
    const { exitCode, stderr } = await run([file]);
    expect([exitCode, created()]).toEqual([6, undefined]);
    expect(stderr).toContain('Linode could not process the file: Failed to decompress image');
  });

  it('keeps an uploaded image that does not become available in time', async () => {
    linode.fault({ method: 'POST', path: '/images/upload', outcome: 'stuck' });
    const { exitCode, stderr } = await run([file, '--timeout', '1']);
    expect([exitCode, created()?.status]).toEqual([7, 'pending_upload']);
    expect(stderr).toContain('stays: its file is uploaded');
  });

  it('keeps the pending image with --keep', async () => {
    linode.fault({ ...storage, status: 403 });
    const { exitCode } = await run([file, '--keep']);
    expect([exitCode, created()?.status, linode.count(DELETE)]).toEqual([5, 'pending_upload', 0]);
  });

  it.each([
    ['SIGINT', 130, [], 0],
    ['SIGTERM', 143, [], 0],
    ['SIGINT', 130, ['--keep'], 1],
  ] as const)('is interrupted by %s: exit code %i, with %j', async (signal, code, args, left) => {
    linode.fault({ ...storage, hang: 'mid-upload' });
    const started = start([file, ...args]);
    await until(() => linode.count(PUT) === 1, 'the upload to begin');
    started.child.kill(signal);
    expect(await started.ended).toBe(code);
    expect(started.stderr()).toContain('linode-images-upload: interrupted');
    expect(pendingImages().filter(({ label }) => label === 'golden')).toHaveLength(left);
  });
});

describe('a large file', () => {
  const bytes = atDepth(24, 1024) * 1024 ** 2;
  /** Of the whole process: node itself takes some 60 MB of it. */
  const MAX_RESIDENT_MB = 250;

  it('is uploaded in little memory', async () => {
    // Stored without compression: a gzip file of this size is otherwise slow to make.
    const stored = gzipSync(Buffer.alloc(1024 ** 2), { level: 0 });
    const large = openSync(file, 'w');
    // A gzip file may consist of several.
    for (let written = 0; written < bytes; written += stored.length) writeSync(large, stored);
    closeSync(large);
    const started = start([file]);
    let peakMegabytes = 0;
    const measured = until(
      () => {
        peakMegabytes = Math.max(peakMegabytes, peakOf(started.child.pid));
        return started.child.exitCode !== null;
      },
      'the upload to end',
      80_000,
    );
    expect(await started.ended).toBe(0);
    await measured;
    expect(created()).toMatchObject({ status: 'available', size: Math.ceil(bytes / stored.length) });
    expect(peakMegabytes).toBeLessThan(MAX_RESIDENT_MB);
  });

  /** Peak resident memory in MB; 0 where the system does not say. */
  const peakOf = (pid = 0): number => {
    try {
      return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024 || 0;
    } catch {
      return 0;
    }
  };
});
