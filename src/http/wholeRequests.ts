import { hash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LentBytes } from './lentBytes.js';

/** A larger request is not worth being looked up. */
const MOST_BYTES = 16 * 1024;
const HEAD_END = '\r\n\r\n';

/** Where one connection stands in what node's parser has been fed. */
interface Connection {
  /** The last message has ended, and nothing of the next one has come. */
  isAtBoundary: boolean;
  /** Whether a message came that did not end where it should: no boundary is known any more. */
  isLost: boolean;
  /** Of the message that began at the last boundary. */
  fedBytes: number;
  headBytes: number;
  requests: number;
  /** Its digest, where it was looked up and came in one piece so far. */
  key: string | undefined;
}

/**
 * Looks at requests before node parses them. One that comes whole and alone in one piece, between two others, is
 * known by the digest of its very bytes, so that no header of it can be overlooked. All others are node's.
 */
export class WholeRequests {
  readonly #connections = new WeakMap<Socket, Connection>();

  readonly #lentBytes: LentBytes | undefined;

  /**
   * @param answer answers a request by its digest, or does nothing and says no
   * @param lendsBytes whether connections read into one buffer where node can do that
   */
  constructor(
    private readonly answer: (key: string, socket: Socket) => boolean,
    lendsBytes = true,
  ) {
    this.#lentBytes = lendsBytes ? new LentBytes() : undefined;
  }

  /** Stands between a server's connections and node's parser; call it before the server listens. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#stand(socket);
    });
    server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
      const connection = this.#connections.get(req.socket);
      if (!connection) return;
      connection.requests++;
      res.once('close', () => {
        settle(connection, req);
      });
    });
  }

  /** The digest by which the very same bytes can be answered next time; undefined where they can't. */
  keyOf(req: IncomingMessage): string | undefined {
    const connection = this.#connections.get(req.socket);
    return connection && endsAtBoundary(connection, req) ? connection.key : undefined;
  }

  #stand(socket: Socket): void {
    const [feed] = socket.listeners('data') as ((chunk: Buffer) => void)[];
    if (!feed) return;
    // Node times a connection's first request by its parser, so that one is always node's.
    const connection: Connection = { isAtBoundary: false, isLost: false, ...begin(undefined) };
    let isFirst = true;
    this.#connections.set(socket, connection);
    const onBytes = (bytes: Buffer, areLent: boolean): void => {
      const isWhole = connection.isAtBoundary && bytes.length <= MOST_BYTES && socket.writableLength === 0;
      const key = isWhole ? hash('sha256', bytes, 'base64') : undefined;
      if (key !== undefined && this.answer(key, socket)) return;
      if (connection.isAtBoundary || isFirst) Object.assign(connection, begin(bytes), { key });
      else connection.key = undefined;
      isFirst = false;
      connection.isAtBoundary = false;
      connection.fedBytes += bytes.length;
      // Node does not say that its parser holds on to nothing.
      feed.call(socket, areLent ? Buffer.from(bytes) : bytes);
    };
    socket.off('data', feed);
    // Has node read by events, and not by its parser alone, whatever it reads into.
    socket.on('data', (chunk: Buffer) => {
      onBytes(chunk, false);
    });
    this.#lentBytes?.lendTo(socket, (bytes) => {
      onBytes(bytes, true);
    });
  }
}

const begin = (chunk: Buffer | undefined) => ({
  fedBytes: 0,
  headBytes: chunk ? chunk.indexOf(HEAD_END) + HEAD_END.length : 0,
  requests: 0,
  key: undefined as string | undefined,
});

/** Whether all that was fed is this request, to its last byte. */
const endsAtBoundary = (
  { isLost, fedBytes, headBytes, requests }: Connection,
  req: IncomingMessage,
): boolean =>
  !isLost &&
  requests === 1 &&
  headBytes >= HEAD_END.length &&
  req.headers['transfer-encoding'] === undefined &&
  fedBytes === headBytes + Number(req.headers['content-length'] ?? 0);

function settle(connection: Connection, req: IncomingMessage): void {
  if (req.complete && endsAtBoundary(connection, req)) connection.isAtBoundary = true;
  else connection.isLost = true;
}
