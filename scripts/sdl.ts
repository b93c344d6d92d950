/** The schema's SDL as one document. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';

const DIRECTORY = 'schema';

/** The schema as its files define it. */
export const currentSchema = (): GraphQLSchema =>
  buildSchema(
    readdirSync(DIRECTORY)
      .filter((name) => name.endsWith('.graphql'))
      .map((name) => readFileSync(join(DIRECTORY, name), 'utf8'))
      .join('\n'),
  );

/** Sorted by name, so that two versions differ by what changed and not by where it is written. */
export const printSorted = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;
