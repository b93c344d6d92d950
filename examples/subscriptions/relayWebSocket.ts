import { createClient, type ClientOptions } from 'graphql-ws';
import { Observable, type SubscribeFunction } from 'relay-runtime';

// The second argument of Network.create.
export function subscribeOverWebSocket(
  url: string,
  token: string,
  options: Partial<ClientOptions> = {},
): SubscribeFunction {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: { authorization: `Bearer ${token}` },
    ...options,
  });
  return ({ text }, variables) =>
    Observable.create((sink) => client.subscribe({ query: text ?? '', variables }, sink as never));
}
