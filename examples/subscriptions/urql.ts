import { Client, fetchExchange } from '@urql/core';

// urql speaks GraphQL over SSE by itself, with `fetchSubscriptions`.
export const createClient = (url: string, token: string): Client =>
  new Client({
    url,
    exchanges: [fetchExchange],
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  });
