import { connect, type Socket } from 'node:net';

export interface Received {
  status: number;
  /** Of the whole response, headers included. */
  bytes: number;
}

/** What comes is looked at as soon as it is there, so all connections read into the same memory. */
const BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const HEAD_END = '\r\n\r\n';
const LENGTHS = ['\r\ncontent-length: ', '\r\nContent-Length: '];
const [ZERO, NINE] = [0x30, 0x39];

interface Waiting {
  onResponse: (received: Received) => void;
  onError: (error: Error) => void;
}

/**
 * One kept-alive connection that carries one request at a time. It reads no more of a response than it must and
 * leaves next to nothing to be collected: a pause of the load's own would count as the server's.
 */
export class Connection {
  readonly #socket: Socket;
  /** What came of a head that has not ended. */
  #head: Buffer | undefined;
  #response: Received | undefined;
  #missing = 0;
  #waiting: Waiting | undefined;

  private constructor({ hostname, port }: URL) {
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: BUFFER,
        callback: (length) => {
          this.#receive(BUFFER.subarray(0, length));
          return true;
        },
      },
    });
  }

  static open(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(url);
      const socket = connection.#socket;
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', (error) => connection.#waiting?.onError(error));
        socket.on('close', () => connection.#waiting?.onError(new Error('The server closed the connection')));
        resolve(connection);
      });
    });
  }

  /** Sends a request while none is under way. */
  send(request: string | Buffer, waiting: Waiting): void {
    this.#waiting = waiting;
    this.#socket.write(request);
  }

  /** Sends a request and resolves with its response. */
  request(request: string | Buffer): Promise<Received> {
    return new Promise((resolve, reject) => {
      this.send(request, { onResponse: resolve, onError: reject });
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#response) this.#missing -= chunk.length;
    else this.#readHead(this.#head ? Buffer.concat([this.#head, chunk]) : chunk);
    if (this.#response && this.#missing <= 0) {
      const response = this.#response;
      this.#response = undefined;
      this.#waiting?.onResponse(response);
    }
  }

  #readHead(bytes: Buffer): void {
    const end = bytes.indexOf(HEAD_END);
    if (end === -1) {
      this.#head = Buffer.from(bytes);
      return;
    }
    this.#head = undefined;
    const length = contentLength(bytes, end);
    if (Number.isNaN(length)) {
      this.#waiting?.onError(new Error('The response has no Content-Length'));
      return;
    }
    const total = end + HEAD_END.length + length;
    // `HTTP/1.1 200 `
    this.#response = { status: digits(bytes, 9), bytes: total };
    this.#missing = total - bytes.length;
  }
}

/** What the head says, which ends at `end`; NaN when it says nothing. */
function contentLength(bytes: Buffer, end: number): number {
  for (const name of LENGTHS) {
    const at = bytes.indexOf(name);
    if (at !== -1 && at < end) return digits(bytes, at + name.length);
  }
  return NaN;
}

/** The number that begins there. */
function digits(bytes: Buffer, at: number): number {
  let number = 0;
  for (let i = at; ; i++) {
    const digit = bytes[i] ?? 0;
    if (digit < ZERO || digit > NINE) return number;
    number = number * 10 + digit - ZERO;
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
