import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { blocksOf, documentAt, read } from '../support/documents.js';
import { PACKAGE } from '../support/gateway.js';

const DIRECTORY = join('examples', 'clients');

const sources = readdirSync(join(PACKAGE, DIRECTORY), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:ts|json|graphql)$/.test(path) && !/(?:^|\/)(?:gql|__generated__)\//.test(path))
  .map((path) => read(join(DIRECTORY, path)));

it('docs/clients.md quotes examples/clients word for word', () => {
  const blocks = blocksOf(documentAt('docs/clients.md'));
  expect(blocks.length).toBeGreaterThan(10);
  for (const { code } of blocks) {
    expect([code, sources.some((source) => source.includes(code.trim()))]).toEqual([code, true]);
  }
});
