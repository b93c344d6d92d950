import {
  boolean,
  headerNames,
  integer,
  kilobytes,
  megabytes,
  milliseconds,
  origins,
  seconds,
} from './valueTypes.js';
import { variable } from './variable.js';

/** What one client can take of the gateway. */
export const PROTECTION = {
  CORS_ORIGINS: variable(
    'corsOrigins',
    origins,
    '',
    "Origins whose pages may send requests, separated by commas. `https://*.example.com` allows any one label in place of the `*`, `*` alone any origin. If empty, only the gateway's own page may.",
  ),
  CORS_ALLOW_HEADERS: variable(
    'corsAllowHeaders',
    headerNames,
    '',
    'Request headers that pages of those origins may send beside the default ones, separated by commas.',
  ),
  TRUST_PROXY_HOPS: variable(
    'trustProxyHops',
    integer(0, 10),
    '0',
    'Number of trusted proxies in front: how many entries of `X-Forwarded-For`, from the right, are trusted for client addresses.',
  ),
  RATE_LIMIT_PER_MINUTE: variable(
    'rateLimitPerMinute',
    integer(0),
    '0',
    'Requests per minute, counted across all workers: of one token that Linode has accepted, or of one client address (IPv6: its /64) for all other requests; 0 is unlimited. Set `TRUST_PROXY_HOPS` behind a proxy.',
  ),
  MAX_CONCURRENT_OPERATIONS: variable(
    'maxConcurrentOperations',
    integer(1),
    '1000',
    'Operations in flight at once in each worker; more are refused with 503. Beyond half of it, one caller has at most half of what is free. Operations that only wait for a fetch another one started do not count.',
  ),
  MAX_EVENT_LOOP_LAG_MS: variable(
    'maxLagMs',
    milliseconds(20, 60_000),
    '150',
    'Event loop lag that, while it lasts for 500 ms, has operations refused with 503.',
  ),
  MAX_HEADER_KILOBYTES: variable(
    'maxHeaderBytes',
    kilobytes(1, 1024),
    '16',
    'Size of all request headers together, the URL included.',
  ),
  MAX_BODY_KILOBYTES: variable('maxBodyBytes', kilobytes(1, 102_400), '512', 'Size of a request body.'),
  CLIENT_TIMEOUT_SECONDS: variable(
    'clientTimeoutMs',
    seconds(3, 3600),
    '30',
    'How long a client may take to send its request (a third of it for the headers), and to read the response.',
  ),
  COMPRESSION: variable(
    'compression',
    boolean,
    'true',
    'Compresses responses for clients that accept it. Turn it off where a proxy in front does.',
  ),
  KEEP_ALIVE_SECONDS: variable(
    'keepAliveMs',
    seconds(1, 3600),
    '65',
    'How long an idle connection stays open. Set it longer than the keep-alive timeout of the load balancer in front.',
  ),
} as const;

/** How large one operation can be. */
export const QUERY_LIMITS = {
  MAX_TOKENS: variable('maxTokens', integer(1), '2000', 'Lexer tokens per document.'),
  MAX_DEPTH: variable(
    'maxDepth',
    integer(1),
    '12',
    'Nesting of fields in a document; introspection is exempt.',
  ),
  MAX_ALIASES: variable(
    'maxAliases',
    integer(0),
    '50',
    'Aliases in a document; the same field selected again in the same place counts once.',
  ),
  MAX_DIRECTIVES: variable('maxDirectives', integer(0), '20', 'Directives in a document.'),
  MAX_ROOT_FIELDS: variable('maxRootFields', integer(1), '50', 'Root fields of an operation.'),
  MAX_COST: variable(
    'maxCost',
    integer(1),
    '150000',
    'Cost of an operation: the most objects that its response can hold, plus 10 for each value of a filter.',
  ),
  MAX_RESPONSE_MEGABYTES: variable(
    'maxResponseBytes',
    megabytes(1, 1024),
    '8',
    'Size of the response to an operation. Larger ones are refused before they are serialized.',
  ),
} as const;
