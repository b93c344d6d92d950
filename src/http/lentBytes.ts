import type { Socket } from 'node:net';

/** As much as node reads at once. */
const BUFFER_BYTES = 64 * 1024;

/** What node calls, inside, what `new net.Socket({ onread })` sets; it can't be given to a socket that was accepted. */
interface Inside {
  _handle?: { useUserBuffer?: (buffer: Buffer) => void } | null;
  [symbol: symbol]: unknown;
}

/**
 * Has all connections read into one buffer. Node makes a new one for every piece of every request, each with memory
 * of its own: to make them and to collect them takes longer than all else that a kept answer does. (ADR 15)
 */
export class LentBytes {
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);

  /**
   * @param onBytes given what came on this connection; the bytes are the next piece's as soon as it returns
   * @returns false, and nothing is changed, where this node has no such inside: then the socket has its `data` events
   */
  lendTo(socket: Socket, onBytes: (bytes: Buffer) => void): boolean {
    const inside = socket as unknown as Inside;
    const handle = inside._handle;
    const [bufferKey, callbackKey] = ['kBuffer', 'kBufferCb'].map((name) => symbolNamed(name, inside));
    if (typeof handle?.useUserBuffer !== 'function' || !bufferKey || !callbackKey) return false;
    inside[bufferKey] = this.#buffer;
    inside[callbackKey] = (length: number): true => {
      onBytes(this.#buffer.subarray(0, length));
      return true;
    };
    handle.useUserBuffer(this.#buffer);
    return true;
  }
}

const symbolNamed = (name: string, object: object): symbol | undefined =>
  Object.getOwnPropertySymbols(object).find(({ description }) => description === name);
