import { createClient } from 'graphql-sse';
import { Observable, type SubscribeFunction } from 'relay-runtime';

// The second argument of Network.create.
export function subscribeOverSse(url: string, token: string): SubscribeFunction {
  const client = createClient({ url, headers: { authorization: `Bearer ${token}` } });
  return ({ text }, variables) =>
    Observable.create((sink) => client.subscribe({ query: text ?? '', variables }, sink as never));
}
