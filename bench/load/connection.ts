import { connect, type Socket } from 'node:net';

export interface Received {
  status: number;
  /** Of the whole answer, headers and all. */
  bytes: number;
}

const HEAD_END = '\r\n\r\n';

/** One kept-alive connection that carries one request at a time, and looks at no more of an answer than it must. */
export class Connection {
  readonly #socket: Socket;
  #head = '';
  #answer: Received | undefined;
  #missing = 0;
  #settle: { resolve: (received: Received) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => this.#settle?.reject(new Error('The server closed the connection')));
  }

  static open({ hostname, port }: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  send(request: string): Promise<Received> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#answer) this.#missing -= chunk.length;
    else this.#readHead(chunk);
    if (this.#answer && this.#missing <= 0) {
      const answer = this.#answer;
      this.#answer = undefined;
      this.#settle?.resolve(answer);
    }
  }

  #readHead(chunk: Buffer): void {
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#head.slice(0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#settle?.reject(new Error('The answer does not say how long it is'));
      return;
    }
    const bytes = end + HEAD_END.length + Number(length);
    this.#answer = { status: Number(head.slice(9, 12)), bytes };
    this.#missing = bytes - this.#head.length;
    this.#head = '';
  }
}

/** The text of a request as it travels; the body is ASCII. */
export function requestText(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const lines = Object.entries({ Host: url.host, ...headers, 'Content-Length': String(body.length) });
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}
