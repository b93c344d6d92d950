import { connect } from 'node:net';
import { Pool } from 'undici';
import { RequestFuzzer, seededRandom, type FuzzedRequest } from './requests.js';

/** Every error code that a client may receive. */
const CODES = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
  'BAD_USER_INPUT',
  'OVERLOADED',
  'NOT_FOUND',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

export interface FuzzReport {
  requests: number;
  /** Answers by HTTP status; 0 is a connection that was closed without one. */
  statuses: Record<string, number>;
  codes: Record<string, number>;
  /** What must never happen, with the request that did it. */
  findings: { what: string; request: FuzzedRequest }[];
}

const RAW_SHARE = 0.03;

/** Sends that many fuzzed requests to a gateway, several at once, and judges every answer. */
export async function fuzz(url: string, count: number, seed: number, concurrency = 4): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const fuzzer = new RequestFuzzer(random);
  const pool = new Pool(new URL(url).origin, { connections: concurrency, pipelining: 1 });
  const report: FuzzReport = { requests: 0, statuses: {}, codes: {}, findings: [] };

  const run = async (): Promise<void> => {
    while (report.requests < count) {
      report.requests++;
      const request = fuzzer.next();
      const isRaw = random() < RAW_SHARE;
      try {
        const answer = isRaw ? await sendRaw(url, request, random) : await send(pool, request);
        judge(report, request, answer);
      } catch (error) {
        report.findings.push({ what: `no answer: ${String(error)}`, request });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  await pool.close();
  return report;
}

interface FuzzedAnswer {
  status: number;
  type: string;
  text: string;
}

async function send(pool: Pool, { method, path, headers, body }: FuzzedRequest): Promise<FuzzedAnswer> {
  const answer = await pool.request({
    method: method as 'POST',
    path,
    headers,
    ...(method !== 'GET' && method !== 'HEAD' && { body }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, type: String(answer.headers['content-type'] ?? ''), text };
}

/** Over a bare socket, where the bytes of the head can be broken too. */
function sendRaw(
  url: string,
  { method, path, headers, body }: FuzzedRequest,
  random: () => number,
): Promise<FuzzedAnswer> {
  const { hostname, port } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const length = Buffer.byteLength(body);
  let head = [
    `${method} ${path} HTTP/1.1`,
    'Host: gateway',
    'Connection: close',
    `Content-Length: ${length}`,
    ...lines,
    '',
    '',
  ].join('\r\n');
  const at = Math.floor(random() * head.length);
  head =
    head.slice(0, at) +
    String.fromCharCode(Math.floor(random() * 256)) +
    head.slice(at + (random() < 0.5 ? 0 : 1));
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      // Half closed at once: a request whose promised length is too long must not wait for its rest.
      socket.end(head + body, 'latin1');
    });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      const [start = '', rest = ''] = text.split(/\r\n\r\n(.*)/s);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(start)?.[1] ?? 0);
      const type = /^content-type: (.*)$/im.exec(start)?.[1]?.trim() ?? '';
      // A broken head may leave bytes that are answered as a second request; the first answer is judged.
      const length = Number(/^content-length: (\d+)$/im.exec(start)?.[1] ?? 0);
      resolve({
        status,
        type,
        text: method === 'HEAD' ? '' : Buffer.from(rest).subarray(0, length).toString(),
      });
    });
  });
}

function judge(report: FuzzReport, request: FuzzedRequest, { status, type, text }: FuzzedAnswer): void {
  const find = (what: string): void => {
    report.findings.push({ what, request });
  };
  report.statuses[status] = (report.statuses[status] ?? 0) + 1;
  const isStream =
    /^text\/event-stream\b/.test(type) && request.headers['accept']?.includes('text/event-stream');
  if (text !== '' && !isStream && !/^application\/(graphql-response\+)?json\b/.test(type))
    find(`not JSON: ${type}`);
  if (text === '' || !(isStream || type.includes('json'))) {
    if (status >= 500 && request.method !== 'HEAD') find(`${status} without a body`);
    return;
  }
  const codes = codesOf(isStream ? (/^data: (.+)$/m.exec(text)?.[1] ?? '') : text);
  for (const code of codes) report.codes[code] = (report.codes[code] ?? 0) + 1;
  const unknown = codes.find((code) => !CODES.has(code));
  if (unknown !== undefined) find(`code ${unknown} with ${status}`);
  if (status >= 500 && codes.length === 0) find(`${status} without a code`);
  if (/\bat \S+ \(|node_modules|<html/i.test(text)) find('a stack or a page');
}

function codesOf(text: string): string[] {
  const { errors = [] } = JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] };
  return [...new Set(errors.map(({ extensions }) => String(extensions?.code)))];
}
