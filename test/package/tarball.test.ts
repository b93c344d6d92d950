import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askAt } from '../support/builtProcess.js';
import { isDeep, itDeep } from '../support/depth.js';
import { documents } from '../support/documents.js';
import { PACKAGE } from '../support/gateway.js';

const run = promisify(execFile);

/** Where the package is packed and, for `npm run test:deep`, installed alone. */
let folder: string;
let packed: string[];
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tarball-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PACKAGE });
  // What the build says comes before npm's JSON.
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = files.map(({ path }) => path);
  if (!isDeep) return;
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  await run('npm', ['install', ...flags, join(folder, filename)], { cwd: folder });
}, 180_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(
    children.map(({ exitCode }, i) => exitCode ?? new Promise((r) => children[i]?.once('close', r))),
  );
  await rm(folder, { recursive: true, force: true });
});

const bin = (name: string) => join(folder, 'node_modules', '.bin', name);

/** Starts an installed command and resolves with the address that it prints. */
function start(name: string, env: Record<string, string>, address: RegExp): Promise<string> {
  const child = spawn(bin(name), [], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env } });
  children.push(child);
  return new Promise((resolve, reject) => {
    let written = '';
    const take = (chunk: Buffer): void => {
      written += chunk.toString();
      const found = address.exec(written)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('close', (code) => {
      reject(new Error(`${name} ended with ${code}: ${written}`));
    });
  });
}

describe('the package', () => {
  itDeep(
    'does the main job in production mode, installed alone, against a sandbox out of the same package',
    async () => {
      const linode = await start('linode-images-sandbox', { SANDBOX_PORT: '0' }, /http:\/\/[^\s"]+\/v4/);
      const env = { NODE_ENV: 'production', PORT: '0', LINODE_API_URL: linode };
      const url = await start('linode-images-graphql', env, /http:\/\/[^\s"]+\/graphql/);
      const answer = await askAt(
        url,
        '{ images(filter: { isPublic: false }, first: 1) { totalCount nodes { id type } } }',
        {
          authorization: 'Bearer alice-full',
        },
      );
      expect(answer).toEqual({
        data: {
          images: {
            totalCount: expect.any(Number),
            nodes: [{ id: expect.stringMatching(/^private\//), type: expect.any(String) }],
          },
        },
      });
      const { status } = await fetch(new URL('/health/ready', url));
      expect(status).toBe(200);
    },
  );

  itDeep('serves GraphiQL outside production, and runs on its own sandbox', async () => {
    const url = await start('linode-images-graphql', { PORT: '0' }, /http:\/\/[^\s"]+\/graphql/);
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  itDeep('has commands that print help and version', async () => {
    for (const name of ['linode-images-graphql', 'linode-images-sandbox']) {
      const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as {
        version: string;
      };
      expect((await run(bin(name), ['--version'])).stdout).toBe(`${version}\n`);
      expect((await run(bin(name), ['--help'])).stdout).toMatch(/PORT/);
    }
    expect((await run(bin('linode-images-upload'), ['--help'])).stdout).toMatch(/LINODE_TOKEN/);
  });

  it('holds the documents that its README leads to', () => {
    // What is of use in the repository alone.
    const apart = /^(?:test|bench|Dockerfile$|compose\.yaml$)/;
    const isPacked = (path: string) => packed.some((file) => file === path || file.startsWith(`${path}/`));
    const missing = documents
      .filter(({ path }) => isPacked(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\]\(([^)\s#]+)/g)]
          .map(([, target = '']) => target)
          .filter((target) => !/^https?:/.test(target))
          .map((target) => join(dirname(path), target)),
      )
      .filter((target) => !apart.test(target) && !isPacked(target));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('holds the schema as one document, and as a subgraph', () => {
    expect(packed).toEqual(expect.arrayContaining(['dist/schema.graphql', 'dist/subgraph.graphql']));
  });

  it('holds no source and no test', () => {
    const roots = new Set(packed.map((path) => path.split('/', 1)[0] ?? ''));
    expect([...roots]).toEqual(expect.arrayContaining(['dist', 'schema', 'package.json']));
    expect([...roots].filter((root) => ['src', 'test', 'bench', 'scripts'].includes(root))).toEqual([]);
  });
});
