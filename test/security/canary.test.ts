import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { PACKAGE } from '../support/gateway.js';

/** Words that must come out of the gateway nowhere but where they belong. */
const TOKEN = 'canary-token-5a1d5c3e';
const REFUSED_TOKEN = 'canary-refused-77b0c2d9';
const MALFORMED_TOKEN = 'canary-malformed-13f2a4b6';
const VARIABLE = 'canary-variable-e80a91c4';
const DOCUMENT = 'canary-document-0c9d8e7f';
const COOKIE = 'canary-cookie-b7a6c5d4';

let linode: Sandbox;
let child: ChildProcess;
let url: string;
/** All that the process wrote. */
let written = '';
/** All that its answers held beside their data. */
const told: string[] = [];

beforeAll(async () => {
  linode = await startSandbox();
  linode.addAccount({ tokens: [{ token: TOKEN, username: 'canary', scopes: '*' }], images: 3 });
  child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: PACKAGE,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      LOG_LEVEL: 'trace',
      GRAPHIQL: 'false',
      LINODE_API_URL: linode.url,
    },
  });
  url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        written += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(written)?.[0];
        if (found) resolve(found);
      });
    }
    child.once('exit', () => reject(new Error(written)));
  });
});
afterAll(async () => {
  await linode.close();
});

interface Reply {
  data?: Record<string, Record<string, string>>;
  errors?: unknown;
  extensions?: unknown;
}

async function send(init: RequestInit, search = ''): Promise<Reply> {
  const response = await fetch(url + search, init);
  const reply = JSON.parse(await response.text()) as Reply;
  told.push(JSON.stringify([...response.headers]), JSON.stringify([reply.errors, reply.extensions]));
  return reply;
}

const ask = (query: string, variables: object, token = TOKEN): Promise<Reply> =>
  send({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      cookie: `session=${COOKIE}`,
      'x-explain': '1',
    },
    body: JSON.stringify({ query, variables }),
  });

it('writes no token, no upload URL and no variable anywhere: not in logs, metrics, errors or explanations', async () => {
  const UPLOAD =
    'mutation Upload($label: String!) { initiateImageUpload(input: { label: $label, region: "us-east" }) { uploadTo image { id } userErrors { message } } }';
  const upload = await ask(UPLOAD, { label: VARIABLE });
  const uploadTo = upload.data?.['initiateImageUpload']?.['uploadTo'] ?? '';
  expect(uploadTo).toContain('/uploads/');
  const secretOfUpload = new URL(uploadTo).pathname;

  const list =
    'query List($word: String) { images(filter: { label: { contains: $word } }) { nodes { id label } } }';
  await ask(list, { word: VARIABLE });
  await ask(`{ images(filter: { label: { eq: "${DOCUMENT}" } }) { totalCount } }`, {});
  await ask(list, { word: VARIABLE }, REFUSED_TOKEN);
  await ask('query($n: Int) { images(first: $n) { totalCount } }', { n: VARIABLE });
  await ask('query($after: String) { images(after: $after) { totalCount } }', { after: VARIABLE });
  await ask('query($id: ID!) { image(id: $id) { id } }', { id: `linode/${VARIABLE}` });
  await ask(
    'mutation($id: ID!, $text: String) { updateImage(input: { id: $id, description: $text }) { userErrors { message } } }',
    { id: 'private/1', text: VARIABLE },
  );
  for (const fault of [
    { status: 500, body: { errors: [{ reason: 'boom' }] } },
    { html: true },
    { cutJson: true },
    { reset: 'mid-body' },
    { status: 429, headers: { 'retry-after': '1' } },
  ] as const) {
    const heal = linode.fault({ ...fault, path: '/images/upload' });
    await ask(UPLOAD, { label: VARIABLE });
    heal();
  }
  await send({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":"${VARIABLE}`,
  });
  await send({
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${MALFORMED_TOKEN}` },
    body: '{"query":"{__typename}"}',
  });
  await send(
    { headers: { 'apollo-require-preflight': '1', authorization: `Bearer ${TOKEN}` } },
    `?query={__typename}&variables=${encodeURIComponent(JSON.stringify({ word: VARIABLE }))}&token=${TOKEN}`,
  );
  await send({}, `/${VARIABLE}?token=${TOKEN}`);
  told.push(await (await fetch(new URL('/metrics', url))).text());

  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;

  // It did write of these operations.
  expect(written).toContain('"operation"');
  expect(written).toContain('"upstream call"');
  expect(told.join()).toContain('"explain"');
  expect(told.join()).toContain('graphql');
  for (const secret of [TOKEN, REFUSED_TOKEN, MALFORMED_TOKEN, COOKIE, DOCUMENT, secretOfUpload, uploadTo]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(written).not.toContain(secret);
    expect(told.join('\n')).not.toContain(secret);
  }
  const withoutOwnPaths = (text: string) => text.replaceAll(`/images/linode%2F${VARIABLE}`, '');
  expect(written).not.toContain(VARIABLE);
  expect(withoutOwnPaths(told.join('\n'))).not.toContain(VARIABLE);
});
