import { GraphQLError, type ValidationRule } from 'graphql';
import type { Hooks } from '../plugins/hooks.js';
import { costOf } from './cost.js';
import { measure } from './measure.js';
import { measureVariables, type VariableLimits } from './variables.js';

/** How large an operation may be. All of it is checked before anything of it runs. */
export interface QueryLimits {
  /** Words and signs of the document; the parser stops there. */
  maxTokens: number;
  /** Fields within fields, introspection exempt. */
  maxDepth: number;
  maxAliases: number;
  maxDirectives: number;
  maxRootFields: number;
  /** Objects that the answer could hold, plus what its filters cost: see `costOf`. */
  maxCost: number;
}

/** Deeper or larger variables than any input of this schema needs would only cost stack and time. */
const VARIABLE_LIMITS: VariableLimits = { maxDepth: 32, maxValues: 10_000 };
/** Enough to mend a document by; the rest would only make the answer long. */
export const MAX_ERRORS = 5;

/** What the document alone tells: its depth, aliases, directives and root fields. */
export const limitsRule =
  (limits: QueryLimits): ValidationRule =>
  (context) => ({
    Document(document) {
      const { depth, aliases, directives, rootFields } = measure(document);
      const check = (what: string, found: number, maximum: number): void => {
        if (found <= maximum) return;
        context.reportError(tooMuch(what, found, maximum));
        // Graphql-js goes on to look at what is left of the document: nothing, so that a refusal is cheap.
        Object.assign(document, { definitions: [] });
      };
      check('depth', depth, limits.maxDepth);
      check('aliases', aliases, limits.maxAliases);
      check('directives', directives, limits.maxDirectives);
      check('root fields', rootFields, limits.maxRootFields);
    },
  });

/** What only the variables tell: their own size, and how much is asked for with them. */
export const limitsHooks = ({ maxCost }: QueryLimits): Hooks => ({
  didResolveOperation({ schema, document, operation, request }) {
    const { depth, values } = measureVariables(request.variables, VARIABLE_LIMITS);
    const { maxDepth, maxValues } = VARIABLE_LIMITS;
    if (depth > maxDepth) throw refused('depth of variables', depth, maxDepth);
    if (values > maxValues) throw refused('values in variables', values, maxValues);
    if (!operation) return;
    const cost = costOf(schema, document, operation, request.variables ?? {});
    if (cost > maxCost) throw refused('cost', cost, maxCost);
  },
});

const tooMuch = (limit: string, found: number, maximum: number): GraphQLError =>
  new GraphQLError(`The limit of ${limit} is ${maximum}; this operation has ${found}`, {
    extensions: { limit, maximum, found },
  });

/** As validation refuses, although it takes place later. */
function refused(limit: string, found: number, maximum: number): GraphQLError {
  const error = tooMuch(limit, found, maximum);
  return new GraphQLError(error.message, {
    extensions: { ...error.extensions, code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}
