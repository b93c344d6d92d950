import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import { LinodeInvalidResponse } from '../errors.js';
import { decodeBody } from './contentEncoding.js';
import { createDispatcher, type DispatcherOptions } from './dispatcher.js';
import { Exchange, type RawResponse } from './exchange.js';
import type { Transport, WireRequest } from './wire.js';

export interface TransportOptions extends DispatcherOptions {
  /** Linode's address with its version path, such as `https://host/v4`. */
  baseUrl: URL;
  clock: Clock;
  /** Of a response's body, also when it is decompressed. */
  maxResponseBytes: number;
}

/** The transport over undici. */
export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, clock, maxResponseBytes } = options;
  const prefix = baseUrl.pathname.replace(/\/+$/, '');
  const dispatcher = createDispatcher(baseUrl, options);

  const exchange = (request: WireRequest): Promise<RawResponse> =>
    new Promise((resolve, reject) => {
      const handler = new Exchange(request, maxResponseBytes, clock, resolve, reject);
      const opts: Dispatcher.DispatchOptions = {
        origin: baseUrl.origin,
        method: request.method,
        path: prefix + request.path,
        headers: request.headers,
        ...(request.body !== undefined && { body: request.body }),
      };
      if (handler.isSettled) return;
      try {
        dispatcher.dispatch(opts, handler);
      } catch (error) {
        handler.onResponseError(undefined, error as Error);
      }
    });

  return {
    async send(request) {
      const response = await exchange(request);
      return { ...response, body: await textOf(request, response, maxResponseBytes) };
    },
    close: () => dispatcher.destroy(),
  };
}

async function textOf(request: WireRequest, response: RawResponse, maxBytes: number): Promise<string> {
  const { status, headers, body } = response;
  const encoding = headers['content-encoding'];
  if (encoding === undefined) return body.toString('utf8');
  try {
    return (await decodeBody(body, encoding, maxBytes)).toString('utf8');
  } catch (cause) {
    // The status decides before the body: a response that is not 2xx needs none.
    if (status >= 300) return '';
    const facts = { method: request.method, path: request.path.replace(/\?.*/, ''), status, cause };
    throw new LinodeInvalidResponse("Linode's response cannot be decompressed", facts);
  }
}
