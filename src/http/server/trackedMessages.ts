import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import type { Express } from 'express';
import { encodableBody, sendEncoded, varyByEncoding } from '../encoding/sendEncoded.js';
import type { TrackedRequest } from './trackedRequest.js';

/** A response of the server's, which carries the record of its request. */
export interface TrackedResponse extends ServerResponse {
  tracked: TrackedRequest;
}

export const trackedOf = (res: ServerResponse): TrackedRequest => (res as TrackedResponse).tracked;

/**
 * The classes of the server's messages. Responses are encoded as their clients accept them, and notify their record
 * when they are handed over. Both classes have Express' prototypes from the start: Express would set the prototype of
 * each message, whereupon V8 gives each a hidden class of its own, which takes longer than the rest of Express and keeps
 * the request in memory until the old generation is collected.
 */
export function trackedMessages(
  app: Express,
  compression: boolean,
): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class Request extends IncomingMessage {
    /** Express would respond 304 by it before the response has its entity tag. */
    get fresh(): boolean {
      return false;
    }
  }
  class Response<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
    tracked: TrackedRequest | undefined = undefined;

    override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
      const body = encodableBody(this, chunk);
      if (body === undefined) {
        super.end(chunk, encoding as BufferEncoding, callback as () => void);
        this.tracked?.sent();
        return this;
      }
      if (compression) varyByEncoding(this);
      this.tracked?.listener?.onResponse?.(body);
      sendEncoded(this, body, compression, (bytes) => {
        super.end(bytes);
        this.tracked?.sent();
      });
      return this;
    }
  }
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  app.request = Request.prototype as typeof app.request;
  app.response = Response.prototype as unknown as typeof app.response;
  return { IncomingMessage: Request, ServerResponse: Response };
}
