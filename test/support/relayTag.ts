import { join } from 'node:path';
import { jest } from '@jest/globals';
import { PACKAGE } from './gateway.js';

const ARTIFACTS = join(PACKAGE, 'examples', 'clients', 'relay', '__generated__');

/** Does what Relay's plugin for Babel does at build time: puts what the compiler wrote in the place of a document. */
function graphql(strings: readonly string[]): unknown {
  const name = /(?:query|mutation|fragment)\s+(\w+)/.exec(strings.join(''))?.[1] ?? '';
  return jest.requireActual<{ default: unknown }>(join(ARTIFACTS, `${name}.graphql.ts`)).default;
}

// Tests are loaded as CommonJS (ADR 1): a module that is imported after this one gets this function.
Object.assign(jest.requireActual<object>('relay-runtime'), { graphql });
