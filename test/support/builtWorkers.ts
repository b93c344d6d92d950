import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startBuiltProcess, type BuiltProcess, type BuiltProcessOptions } from './builtProcess.js';

/** What came back, whatever it is. */
export interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Two workers as operators run them, in front of a sandbox. */
export interface BuiltWorkers {
  linode: Sandbox;
  gateway: BuiltProcess;
  open(env?: Record<string, string>, options?: BuiltProcessOptions): Promise<void>;
  /** `GET` over a connection of its own, so that it may come to any of the workers. */
  get(path: string): Promise<Reply>;
  /** One operation, likewise. */
  post(query: string, token?: string): Promise<Reply>;
  /** The body of its response. */
  ask<B>(query: string, token?: string): Promise<B>;
  /** The lines of log with this text. */
  said(msg: string): Record<string, unknown>[];
  /** The workers that have logged an operation. */
  pids(): Set<unknown>;
}

/** Started before each test of the calling file. */
export function builtWorkers(): BuiltWorkers {
  const stack = {
    async open(env, options) {
      const all = { LINODE_API_URL: stack.linode.url, GRAPHIQL: 'false', WORKERS: '2', ...env };
      stack.gateway = await startBuiltProcess({ ...options, env: all });
    },
    get: (path) => send(new URL(path, stack.gateway.url), 'GET', {}),
    post(query, token = 'alice-full') {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      return send(new URL(stack.gateway.url), 'POST', headers, JSON.stringify({ query }));
    },
    ask: async (query, token) => JSON.parse((await stack.post(query, token)).body),
    said: (msg) => stack.gateway.lines().filter((line) => line['msg'] === msg),
    pids: () => new Set(stack.said('operation').map(({ pid }) => pid)),
  } as BuiltWorkers;
  beforeEach(async () => {
    stack.linode = await startSandbox();
  });
  afterEach(async () => {
    stack.gateway.child.kill('SIGKILL');
    await stack.gateway.ended;
    await stack.linode.close();
  });
  return stack;
}

const send = (url: URL, method: string, headers: Record<string, string>, content = ''): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const req = request(url, { method, headers, agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.on('end', () => {
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body });
      });
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(content);
  });
