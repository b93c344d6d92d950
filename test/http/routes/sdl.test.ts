import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { printSorted, readSchema } from '../../../src/graphql/sdl.js';
import { PACKAGE } from '../../support/gateway.js';
import { startStack } from '../../support/stack.js';

describe('GET /schema.graphql', () => {
  it('has the schema as one document, compressed and with an entity tag', async () => {
    const { gateway } = await startStack();
    const response = await fetch(new URL('/schema.graphql', gateway.url));
    expect(await response.text()).toBe(printSorted(readSchema(join(PACKAGE, 'schema'))));
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const headers = { 'if-none-match': response.headers.get('etag') ?? '' };
    expect((await fetch(new URL('/schema.graphql', gateway.url), { headers })).status).toBe(304);
  });

  it('is 404 where introspection is off', async () => {
    const { gateway } = await startStack({ gateway: { introspection: false } });
    expect((await fetch(new URL('/schema.graphql', gateway.url))).status).toBe(404);
  });
});
