/**
 * What the requests of a workload carry. `identical`: nothing of their own, as a load generator sends them.
 * `proxied`: a request ID, a trace context and a client address each, as requests arrive behind a proxy.
 */
export const FORMS = ['identical', 'proxied'] as const;
export type Form = (typeof FORMS)[number];

/** What the gateway is configured with on top, so that nothing a deployment behind a proxy uses is switched off. */
export const GATEWAY_ENVIRONMENT: Readonly<Record<Form, Record<string, string>>> = {
  identical: {},
  proxied: { TRUST_PROXY_HOPS: '1', RATE_LIMIT_PER_MINUTE: '1000000000' },
};
