import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

let linode: Sandbox;
let gateway: TestGateway;

beforeAll(async () => {
  linode = await startSandbox();
  gateway = await startTestGateway({ linodeApiUrl: linode.url });
});
afterAll(async () => {
  await gateway.close();
  await linode.close();
});

/** The audits ask by GET too, which CSRF prevention lets pass with this header only. */
const fetchFn = (url: string, options: RequestInit = {}) =>
  fetch(url, { ...options, headers: { 'apollo-require-preflight': '1', ...options.headers } });

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => gateway.url, fetchFn });

  it('is audited in 61 points', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s %s',
    async (_id, _name, audit) => {
      const result = await audit.fn();
      expect(result).toMatchObject({ status: 'ok' });
    },
  );
});
