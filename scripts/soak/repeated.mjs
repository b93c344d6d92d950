/**
 * What a busy frontend sends: the same queries of many callers over and over, served from the response cache, one
 * in a hundred that is new, and a write now and then.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../dist/sandbox/sandbox.js';
import { startGatewayProcess } from '../gatewayProcess.mjs';
import { Gate, growth, MEASURABLE, measure, sampleWhile } from '../soakFigures.mjs';

const CALLERS = 100;
const CONNECTIONS = 32;
const QUERIES = [
  '{ images(first: 20) { totalCount nodes { id label status } } }',
  '{ images(filter: { isPublic: false }) { edges { cursor node { id created } } pageInfo { endCursor } } }',
  '{ image(id: "linode/debian12") { id label vendor size } }',
  '{ a: image(id: "linode/debian12") { id } b: image(id: "linode/alpine3.20") { id } }',
  '{ regions { id label country } }',
  '{ __typename }',
];
const WRITE = 'mutation { createImage(input: { diskId: "1", label: "x" }) { userErrors { code } } }';

export async function run({ requests }) {
  const sandbox = await startSandbox({ rateLimits: false, log: false });
  for (let i = 0; i < CALLERS; i++) {
    const token = `soak-${i}`;
    sandbox.addAccount({ tokens: [{ token, username: token, scopes: '*' }], images: 20 });
  }
  const { child, url, ended } = await startGatewayProcess({ LINODE_API_URL: sandbox.url }, MEASURABLE);
  const atRest = await measure(url, child);
  const host = new URL(url).host;
  const known = QUERIES.flatMap((query) =>
    Array.from({ length: CALLERS }, (_, i) => requestText(host, `soak-${i}`, query)),
  );
  const statuses = {};
  const gate = new Gate();

  function next() {
    const { sent } = gate;
    if (sent % 100 === 0) {
      const query = `{ a${sent}: images(first: 20, filter: { label: { neq: "${sent}" } }) { nodes { id label } } }`;
      return requestText(host, `soak-${sent % CALLERS}`, query);
    }
    return sent % 9973 === 0
      ? requestText(host, `soak-${sent % CALLERS}`, WRITE)
      : known[sent % known.length];
  }
  async function client() {
    const connection = await Connection.open(new URL(url));
    while (gate.sent < requests) {
      const status = await gate.pass(() => connection.request(next()));
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    connection.close();
  }

  const sampling = sampleWhile(requests, gate, () => measure(url, child));
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const samples = await sampling;
  await sleep(2000);
  const after = await measure(url, child);
  child.kill('SIGTERM');
  await ended;
  await sandbox.close();
  const figures = growth(requests, samples, atRest, after);
  // Any other status would make the figures meaningless.
  return { requests, statuses, ...figures, isFlat: figures.isFlat && statuses[200] === requests };
}

function requestText(host, token, query) {
  const body = JSON.stringify({ query });
  const head = [
    'POST /graphql HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** A kept-alive connection for one request at a time; resolves with its status. */
class Connection {
  #socket;
  #received = '';
  #settle;

  static open({ port, hostname }) {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('close', () => this.#settle?.reject(new Error('The gateway closed the connection')));
  }

  request(request) {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #receive(chunk) {
    this.#received += chunk.toString('latin1');
    const headEnd = this.#received.indexOf('\r\n\r\n');
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#received.slice(0, headEnd))?.[1]);
    if (headEnd === -1 || this.#received.length < headEnd + 4 + length) return;
    const status = this.#received.slice(9, 12);
    this.#received = '';
    this.#settle.resolve(status);
  }
}
