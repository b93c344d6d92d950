import type { Hooks } from './hooks.js';

const REQUEST_ERRORS = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/**
 * Sets the status of request errors. GraphQL over HTTP requires 200 if the client accepts `application/json` only,
 * and 400 with `application/graphql-response+json`. Apollo responds with 400 to both.
 */
export const httpStatusHooks: Hooks = {
  willSendResponse({ request, response }) {
    if (response.http.status !== 400 || response.body.kind !== 'single') return;
    const accept = request.http?.headers.get('accept') ?? '';
    const errors = response.body.singleResult.errors ?? [];
    const isRequestError = errors.every(({ extensions }) => REQUEST_ERRORS.has(String(extensions?.['code'])));
    if (isRequestError && !accept.includes('application/graphql-response+json')) response.http.status = 200;
  },
};
