import { HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubscriptionResult } from '../../graphql/subscriptions/runSubscription.js';
import type { Refusal } from '../errors.js';

/** An error as it is sent. The library takes errors of graphql-js only, and sends what they are as JSON. */
export class FormattedError extends GraphQLError {
  constructor(private readonly formatted: GraphQLFormattedError) {
    super(formatted.message);
  }

  override toJSON(): GraphQLFormattedError {
    return this.formatted;
  }
}

export function refusalError(
  { code, message, retryAfterSeconds }: Refusal,
  requestId: string,
): FormattedError {
  const facts = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new FormattedError({ message, extensions: { code, ...facts, requestId } });
}

/** What a client subscribes with, as the body of a POST. */
export function apolloRequest(body: unknown, requestId: string): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  headers.set('content-type', 'application/json');
  headers.set('accept', 'application/json');
  headers.set('x-request-id', requestId);
  return { method: 'POST', headers, search: '', body };
}

/** Results that end at once when the client has left, although the next one is awaited. */
export function endedEarly(
  results: AsyncGenerator<SubscriptionResult, void>,
  leave: () => void,
): AsyncGenerator<SubscriptionResult, void> {
  const end = results.return.bind(results);
  results.return = (value) => {
    leave();
    return end(value);
  };
  return results;
}
