import { boolean, integer, kilobytes, seconds } from './valueTypes.js';
import { variable } from './variable.js';

/** What subscriptions can take of the gateway. */
export const SUBSCRIPTIONS = {
  MAX_SUBSCRIPTIONS: variable(
    'maxSubscriptions',
    integer(1),
    '10000',
    'Open subscriptions in each process; more are refused with 503.',
  ),
  MAX_SUBSCRIPTIONS_PER_CALLER: variable(
    'maxSubscriptionsPerCaller',
    integer(1),
    '1000',
    'Open subscriptions of one token, or without a token of one client address, in each process; more are refused with 429.',
  ),
  MAX_SUBSCRIPTION_SECONDS: variable(
    'maxSubscriptionMs',
    seconds(1, 30 * 86_400),
    '86400',
    'How long one subscription may last. It is then completed, and the client may subscribe again.',
  ),
  SUBSCRIPTION_BACKLOG_KILOBYTES: variable(
    'maxBacklogBytes',
    kilobytes(1, 102_400),
    '256',
    'What may wait to be read by one subscriber. One that has more to read when the next event comes is disconnected, and so is one that reads nothing for `CLIENT_TIMEOUT_SECONDS`.',
  ),
  WEBSOCKET: variable(
    'webSocket',
    boolean,
    'true',
    'Serves operations over WebSocket too (`graphql-transport-ws`), on the path of GraphQL.',
  ),
} as const;
