import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { parse } from 'graphql';
import { endpoint } from './config';

/** How the toolbar and the fetcher agree; not React state, since a new fetcher makes GraphiQL introspect again. */
export const explain = { isOn: false };

/** No cookies travel: the gateway knows its callers by the `Authorization` header alone. */
export const fetcher: Fetcher = async (params, options) => {
  const response = await fetch(endpoint, {
    method: 'POST',
    credentials: 'omit',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...(explain.isOn && { 'x-explain': '1' }),
      ...(options?.headers as Record<string, string> | undefined),
    },
    body: JSON.stringify(withOwnOperationName(params)),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      `The answer is not JSON: HTTP ${response.status} ${response.statusText} ${text.slice(0, 500)}`,
    );
  }
};

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
