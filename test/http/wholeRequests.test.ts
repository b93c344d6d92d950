import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { manualClock, type ManualClock } from '../support/manualClock.js';

const requestOf = (query: string, headers = '', version = '1.1'): string => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/${version}\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer alice-full\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const LIST = requestOf('{ images(first: 3) { totalCount nodes { id label } } }');
const OTHER = requestOf('{ image(id: "linode/debian12") { label } }');

/** One connection, and the answers that came on it. */
class Client {
  #text = '';
  readonly #waiting: (() => void)[] = [];
  ended = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (chunk) => {
      this.#text += String(chunk);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    socket.once('close', () => {
      this.ended = true;
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async open(url: string): Promise<Client> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new Client(socket.setNoDelay());
  }

  /** The next answer's head and body. */
  async answer(): Promise<{ head: string; body: string }> {
    for (;;) {
      const headEnd = this.#text.indexOf('\r\n\r\n') + 4;
      const length = Number(/content-length: (\d+)/i.exec(this.#text.slice(0, headEnd))?.[1] ?? 0);
      if (headEnd >= 4 && this.#text.length >= headEnd + length) {
        const head = this.#text.slice(0, headEnd);
        const body = this.#text.slice(headEnd, headEnd + length);
        this.#text = this.#text.slice(headEnd + length);
        return { head, body };
      }
      if (this.ended) throw new Error(`The connection ended after: ${this.#text}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async ask(request: string): Promise<{ head: string; body: string }> {
    this.socket.write(request, 'latin1');
    return this.answer();
  }
}

describe('a request that came before, byte for byte', () => {
  let clock: ManualClock;
  let linode: Sandbox;
  let gateway: TestGateway;
  let client: Client;
  /** Requests that node parsed. */
  let parsed: number;

  beforeEach(async () => {
    clock = manualClock();
    linode = await startSandbox({ now: clock.now, rateLimits: false });
    gateway = await startTestGateway({ linodeApiUrl: linode.url, clock, fastLane: true });
    parsed = 0;
    gateway.server.on('request', () => parsed++);
    client = await Client.open(gateway.url);
  });
  afterEach(async () => {
    client.socket.destroy();
    await gateway.close();
    await linode.close();
  });

  /** Asks until the very bytes are known. */
  async function warm(request: string): Promise<string> {
    for (let i = 0; i < 4; i++) await client.ask(request);
    const before = parsed;
    const { body } = await client.ask(request);
    expect(parsed).toBe(before);
    return body;
  }

  it('is answered without node, and logged and counted all the same', async () => {
    const body = await warm(LIST);
    const [operations, requests] = [gateway.operations.length, gateway.requests.length];
    const answer = await client.ask(LIST);
    expect(answer.body).toBe(body);
    expect(gateway.operations).toHaveLength(operations + 1);
    expect(gateway.requests).toHaveLength(requests + 1);
    expect(gateway.requests.at(-1)).toMatchObject({ route: 'graphql', status: 200, isOperation: true });
    expect(answer.head).toContain(`x-request-id: ${gateway.operations.at(-1)?.requestId ?? ''}\r\n`);
    expect(answer.head).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer.head).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n$/);
  });

  it('is answered with the name that the client gave it', async () => {
    const named = LIST.replace('Host: x', 'Host: x\r\nX-Request-Id: my-own');
    await warm(named);
    expect((await client.ask(named)).head).toContain('x-request-id: my-own\r\n');
  });

  it('sees each write at once', async () => {
    await warm(LIST);
    const update = requestOf(
      'mutation { updateImage(input: { id: "private/23849498", label: "renamed" }) { image { id } } }',
    );
    await client.ask(update);
    expect((await client.ask(LIST)).body).toContain('renamed');
  });

  it('is refreshed when it is too old, by one list', async () => {
    await warm(LIST);
    clock.advance(6000);
    linode.clearRequests();
    const before = parsed;
    for (let i = 0; i < 5; i++) await client.ask(LIST);
    expect(linode.count(/GET .*\/images\?/)).toBe(1);
    expect(parsed).toBe(before + 1);
  });

  it("is node's on a connection of its own at first", async () => {
    const body = await warm(LIST);
    const second = await Client.open(gateway.url);
    const before = parsed;
    expect((await second.ask(LIST)).body).toBe(body);
    expect(parsed).toBe(before + 1);
    expect((await second.ask(LIST)).body).toBe(body);
    expect(parsed).toBe(before + 1);
    second.socket.destroy();
  });

  it('is answered in turn when several come in one piece', async () => {
    const [list, other] = [await warm(LIST), await warm(OTHER)];
    client.socket.write(LIST + OTHER + LIST, 'latin1');
    const bodies = [await client.answer(), await client.answer(), await client.answer()].map(
      ({ body }) => body,
    );
    expect(bodies).toEqual([list, other, list]);
    expect((await client.ask(OTHER)).body).toBe(other);
  });

  it('is never taken for a request where it is the body of another', async () => {
    const list = await warm(LIST);
    const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${LIST.length}\r\n\r\n`;
    client.socket.write(head, 'latin1');
    // The head has been read when its request is seen.
    const before = parsed;
    while (parsed === before) await new Promise((resolve) => setImmediate(resolve));
    const answer = await client.ask(LIST);
    expect(answer.head).toMatch(/^HTTP\/1.1 400 /);
    expect((await client.ask(LIST)).body).toBe(list);
  });

  it('is answered right when it comes in two pieces, cut anywhere', async () => {
    const list = await warm(LIST);
    for (let cut = 1; cut < LIST.length; cut += 17) {
      client.socket.write(LIST.slice(0, cut), 'latin1');
      await new Promise((resolve) => setImmediate(resolve));
      expect((await client.ask(LIST.slice(cut))).body).toBe(list);
    }
  });

  it('waits for the answer before it', async () => {
    const list = await warm(LIST);
    const slow = requestOf('{ viewer { username } }');
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    linode.fault({ path: '/profile', before: gate });
    client.socket.write(slow, 'latin1');
    const before = parsed;
    while (parsed === before) await new Promise((resolve) => setImmediate(resolve));
    client.socket.write(LIST, 'latin1');
    release();
    expect((await client.answer()).body).toContain('viewer');
    expect((await client.answer()).body).toBe(list);
  });

  it.each([
    ['closes its connection where it asks for that', LIST.replace('Host: x', 'Host: x\r\nConnection: close')],
    ['is HTTP/1.0', LIST.replace('HTTP/1.1', 'HTTP/1.0')],
  ])('%s', async (_, request) => {
    const list = await warm(LIST);
    for (let i = 0; i < 5; i++) {
      const one = await Client.open(gateway.url);
      expect((await one.ask(request)).body).toBe(list);
      if (!one.ended) await once(one.socket, 'close');
    }
  });

  it('is answered right to a client that reads late, while others are answered', async () => {
    linode.putImage('alice-full', { id: 'private/7', label: 'long', description: 'x'.repeat(12_000) });
    const long = requestOf('{ image(id: "private/7") { description } }');
    await warm(long);
    const late = await Client.open(gateway.url);
    await late.ask(long);
    late.socket.pause();
    const [ids, before]: [string[], number] = [[], parsed];
    // Until its connection is full, and node's.
    while (parsed === before) {
      const answered = gateway.operations.length;
      late.socket.write(long, 'latin1');
      while (gateway.operations.length === answered) await new Promise((resolve) => setImmediate(resolve));
      ids.push(gateway.operations.at(-1)?.requestId ?? '');
      expect((await client.ask(long)).body).toContain('xxx');
    }
    late.socket.resume();
    expect(ids.length).toBeGreaterThan(10);
    for (const id of ids) expect((await late.answer()).head).toContain(`x-request-id: ${id}\r\n`);
    late.socket.destroy();
  });

  it('is told that the connection ends while the gateway drains', async () => {
    await warm(LIST);
    gateway.unready();
    expect((await client.ask(LIST)).head).toMatch(/connection: close/i);
  });
});
