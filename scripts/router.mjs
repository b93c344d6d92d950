/**
 * Queries the gateway through a router: Hive Gateway, in front of the gateway as a subgraph and of a second one that
 * extends images. It is installed into examples/router, which takes 500 MB.
 *
 *   npm run test:router [-- --results FILE]
 *
 * With --results, how many checks passed goes there in the form of Jest's reports.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compositionHasErrors, composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { SDL, startNotes } from '../examples/router/notes.mjs';
import { startGatewayProcess } from './gatewayProcess.mjs';

const FOLDER = 'examples/router';
const START_TIMEOUT_MS = 60_000;
const ALICE = { authorization: 'Bearer alice-full' };

const { values } = parseArgs({ options: { results: { type: 'string' } } });

/** By their names: what is asked through the router, and what must come of it. */
const CHECKS = {
  'a field of each subgraph on one image': async (ask) => {
    const { data, errors } = await ask('{ image(id: "private/23849498") { label notes { text } } }');
    assert.equal(errors, undefined);
    assert.equal(typeof data.image.label, 'string');
    assert.equal(data.image.notes.length, 2);
  },
  'images that the other subgraph refers to, null where they do not exist': async (ask) => {
    const { data } = await ask('{ notes { text image { id label status } } }');
    assert.deepEqual(
      data.notes.map(({ image }) => image?.label ?? null).map((label) => label !== null),
      [true, true, true, false],
    );
  },
  'a page of images with their notes': async (ask) => {
    const { data, errors } = await ask('{ images(first: 20) { totalCount nodes { id notes { text } } } }');
    assert.equal(errors, undefined);
    assert.equal(data.images.nodes.length, 20);
  },
  'the caller, whose token is forwarded': async (ask) => {
    const { data } = await ask('{ viewer { username } }');
    assert.equal(data.viewer.username, 'alice');
  },
  'no private image without a token': async (ask) => {
    const { data } = await ask('{ notes { image { label } } }', {});
    assert.deepEqual(
      data.notes.map(({ image }) => (image?.label ?? null) !== null),
      [false, false, true, false],
    );
  },
  'a mutation, and its result at once': async (ask) => {
    const label = 'renamed through the router';
    const { data } = await ask(
      `mutation { updateImage(input: { id: "private/23849731", label: "${label}" }) { image { label } } }`,
    );
    assert.equal(data.updateImage.image.label, label);
    assert.equal((await ask('{ image(id: "private/23849731") { label } }')).data.image.label, label);
  },
};

if (!existsSync(join(FOLDER, 'node_modules'))) {
  const flags = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync('npm', flags, { cwd: FOLDER, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const scratch = mkdtempSync(join(tmpdir(), 'router-'));
const closers = [() => rmSync(scratch, { recursive: true })];
let passed = 0;
let failed = 0;
try {
  const gateway = await startGatewayProcess({ FEDERATION: 'true' });
  closers.unshift(() => end(gateway.child));
  const notes = await startNotes(0);
  closers.unshift(() => notes.close());
  const supergraph = join(scratch, 'supergraph.graphql');
  writeFileSync(supergraph, compose(gateway.url, `http://127.0.0.1:${notes.address().port}`));
  const url = await startRouter(supergraph);
  const ask = async (query, headers = ALICE) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      await check(ask);
      passed++;
      console.log(`✓ ${name}`);
    } catch (error) {
      failed++;
      console.error(`✗ ${name}\n${error.message}`);
    }
  }
} finally {
  for (const close of closers) await close();
}
if (values.results) {
  const report = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: 0,
    numFailedTestSuites: 0,
  };
  writeFileSync(values.results, JSON.stringify(report));
}
process.exitCode = failed > 0 ? 1 : 0;

/** The SDL of the supergraph. */
function compose(gatewayUrl, notesUrl) {
  const result = composeServices([
    { name: 'images', url: gatewayUrl, typeDefs: parse(readFileSync('dist/subgraph.graphql', 'utf8')) },
    { name: 'notes', url: notesUrl, typeDefs: parse(SDL) },
  ]);
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}

/** @returns where it takes operations, once it does */
async function startRouter(supergraph) {
  const port = await freePort();
  const child = spawn(process.execPath, ['node_modules/@graphql-hive/gateway/dist/bin.js', 'supergraph'], {
    cwd: FOLDER,
    env: { PATH: process.env.PATH, SUPERGRAPH: supergraph, PORT: String(port), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  closers.unshift(() => end(child));
  const url = `http://127.0.0.1:${port}/graphql`;
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await isUp(url))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('The router does not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return url;
}

function isUp(url) {
  return fetch(`${url}?query={__typename}`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
