import type { Form } from './form.js';

/** One GraphQL request of a workload. */
export interface Operation {
  /** Null sends no token. */
  token: string | null;
  /** The JSON text to post. `RUNNING_NUMBER` in it stands for a number that is used once. */
  body: string;
}

/** Replaced by a number of ten digits, and as long as one, so that a body's length does not depend on it. */
export const RUNNING_NUMBER = '@@number@@';
/** Replaced by an IPv4 address that is derived from the running number. */
export const CLIENT_ADDRESS = '@@address@@';

let next = 1_000_000_000;

/** The first of `count` running numbers that were not used before; each has ten digits. */
export function takeNumbers(count: number): number {
  const first = next;
  next += count;
  return first;
}

export const operation = (token: string | null, query: string, variables?: object): Operation => ({
  token,
  body: JSON.stringify({ query, variables }),
});

/** The headers and the body of one request, ready to send. */
export function instantiate(
  { token, body }: Operation,
  form: Form,
  number: number,
): { headers: Record<string, string>; body: string } {
  const headers = Object.entries(headersOf(token, form));
  return {
    headers: Object.fromEntries(headers.map(([name, value]) => [name, fillIn(value, number)])),
    body: fillIn(body, number),
  };
}

/** The headers with their placeholders. */
export const headersOf = (token: string | null, form: Form): Record<string, string> => ({
  'Content-Type': 'application/json',
  ...(token !== null && { Authorization: `Bearer ${token}` }),
  ...(form === 'proxied' && PROXY_HEADERS),
});

/** What an ingress such as Envoy or nginx adds to each request. */
const PROXY_HEADERS = {
  'X-Request-Id': `7c4d91a2-58f0-4b6e-9d13-00${RUNNING_NUMBER}`,
  traceparent: `00-4bf92f3577b34da6a3ce92${RUNNING_NUMBER}-00f067${RUNNING_NUMBER}-01`,
  'X-Forwarded-For': CLIENT_ADDRESS,
};

const fillIn = (text: string, number: number): string =>
  text.replaceAll(RUNNING_NUMBER, String(number)).replaceAll(CLIENT_ADDRESS, addressOf(number));

/** One of 16.7 million addresses: consecutive numbers have different ones. */
export const addressOf = (number: number): string =>
  `10.${(number >> 16) & 0xff}.${(number >> 8) & 0xff}.${number & 0xff}`;
