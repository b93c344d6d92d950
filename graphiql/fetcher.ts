import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-sse';
import { authRoute, endpoint, readConfig } from './config';

const config = readConfig();

/** How the toolbar and the fetcher agree; not React state, since a new fetcher makes GraphiQL introspect again. */
export const explain = { isOn: false };

const unauthenticated = new EventTarget();

/**
 * Calls back when the gateway has refused a request for its caller: a session may have ended.
 * @returns a function that stops it
 */
export function onUnauthenticated(listener: () => void): () => void {
  unauthenticated.addEventListener('refused', listener);
  return () => unauthenticated.removeEventListener('refused', listener);
}

/** Without sessions no cookies travel: the gateway then knows its callers by the `Authorization` header alone. */
export const fetcher: Fetcher = async (params, options) => {
  if (isSubscription(params)) return results(params, options?.headers as Record<string, string> | undefined);
  const request = {
    method: 'POST',
    credentials: config.sessions ? 'same-origin' : 'omit',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...(explain.isOn && { 'x-explain': '1' }),
      ...(options?.headers as Record<string, string> | undefined),
    },
    body: JSON.stringify(withOwnOperationName(params)),
  } satisfies RequestInit;
  let response = await fetch(endpoint, request);
  if (response.status === 401 && config.sessions) {
    await forgetSession();
    // The schema is the same for all.
    if (params.operationName === 'IntrospectionQuery') response = await fetch(endpoint, request);
  }
  const text = await response.text();
  if (text.includes('"UNAUTHENTICATED"')) unauthenticated.dispatchEvent(new Event('refused'));
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      `The answer is not JSON: HTTP ${response.status} ${response.statusText} ${text.slice(0, 500)}`,
    );
  }
};

/** The gateway takes back the cookie of a session that has ended when it is asked who is signed in. */
const forgetSession = () => fetch(authRoute('session'), { credentials: 'same-origin' });

/** Each result of a subscription, until the user stops it: GraphiQL itself speaks WebSocket only. */
function results({ query, variables }: FetcherParams, headers: Record<string, string> = {}) {
  const client = createClient({
    url: new URL(endpoint, location.href).href,
    credentials: config.sessions ? 'same-origin' : 'omit',
    headers,
  });
  return client.iterate({ query, variables: variables as Record<string, unknown> });
}

function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    const document = parse(query);
    const operation = getOperationAST(document, operationName) ?? getOperationAST(document);
    return operation?.operation === 'subscription';
  } catch {
    return false; // The gateway says what is wrong with it.
  }
}

/** Right after a change of tabs GraphiQL still names the last tab's operation, for a tenth of a second. */
function withOwnOperationName(params: FetcherParams): FetcherParams {
  if (!params.operationName || operationsOf(params.query).includes(params.operationName)) return params;
  return { ...params, operationName: null };
}

function operationsOf(query: string): (string | undefined)[] {
  try {
    return parse(query).definitions.map((part) =>
      part.kind === 'OperationDefinition' ? part.name?.value : undefined,
    );
  } catch {
    return []; // The gateway says what is wrong with it.
  }
}
