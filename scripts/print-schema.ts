/**
 * Prints the whole schema as one SDL document that relay-compiler, graphql-codegen and editors accept.
 *
 *   npm run print-schema [-- --federation]
 *
 * With --federation as a subgraph, to compose a supergraph of. With --out DIRECTORY both are written there, as
 * `schema.graphql` and `subgraph.graphql`: the build puts them into the package.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toSubgraph } from '../src/graphql/federation/subgraph.js';
import { printSorted } from '../src/graphql/sdl.js';
import { currentSchema } from './sdl.js';

const { values } = parseArgs({
  options: { federation: { type: 'boolean', default: false }, out: { type: 'string' } },
});
const schema = currentSchema();
if (values.out === undefined) {
  process.stdout.write(values.federation ? toSubgraph(schema).sdl : printSorted(schema));
} else {
  writeFileSync(join(values.out, 'schema.graphql'), printSorted(schema));
  writeFileSync(join(values.out, 'subgraph.graphql'), toSubgraph(schema).sdl);
}
