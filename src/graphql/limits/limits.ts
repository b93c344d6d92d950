import { GraphQLError, type ValidationRule } from 'graphql';
import type { Hooks } from '../plugins/hooks.js';
import { costOf } from './cost.js';
import { measure } from './measure.js';
import { measureVariables, type VariableLimits } from './variables.js';

/** The maximum size of an operation. All but the response is checked before execution. */
export interface QueryLimits {
  /** Lexer tokens of the document; the parser stops there. */
  maxTokens: number;
  /** Nesting of fields; introspection is exempt. */
  maxDepth: number;
  maxAliases: number;
  maxDirectives: number;
  maxRootFields: number;
  /** See `costOf`. */
  maxCost: number;
  /** Of the response as JSON; checked before it is serialized. */
  maxResponseBytes: number;
}

/** No input of this schema needs deeper or larger variables. */
const VARIABLE_LIMITS: VariableLimits = { maxDepth: 32, maxValues: 10_000 };
/** Enough to fix a document by. */
export const MAX_ERRORS = 5;

/** Checks the limits that depend on the document alone: depth, aliases, directives and root fields. */
export const limitsRule =
  (limits: QueryLimits): ValidationRule =>
  (context) => ({
    Document(document) {
      const { depth, aliases, directives, rootFields } = measure(document);
      const check = (what: string, found: number, maximum: number): void => {
        if (found <= maximum) return;
        context.reportError(tooMuch(what, found, maximum));
        // Graphql-js continues to validate the rest of the document: an empty one costs nothing.
        Object.assign(document, { definitions: [] });
      };
      check('depth', depth, limits.maxDepth);
      check('aliases', aliases, limits.maxAliases);
      check('directives', directives, limits.maxDirectives);
      check('root fields', rootFields, limits.maxRootFields);
    },
  });

/** Checks the limits that depend on the variables: their size, and the cost of the operation. */
export const limitsHooks = ({ maxCost }: QueryLimits): Hooks => ({
  didResolveOperation({ schema, document, operation, request }) {
    const { depth, values } = measureVariables(request.variables, VARIABLE_LIMITS);
    const { maxDepth, maxValues } = VARIABLE_LIMITS;
    if (depth > maxDepth) throw limitError('depth of variables', depth, maxDepth);
    if (values > maxValues) throw limitError('values in variables', values, maxValues);
    if (!operation) return;
    const cost = costOf(schema, document, operation, request.variables ?? {});
    if (cost > maxCost) throw limitError('cost', cost, maxCost);
  },
});

const tooMuch = (limit: string, found: number, maximum: number): GraphQLError =>
  new GraphQLError(`The limit of ${limit} is ${maximum}; this operation has ${found}`, {
    extensions: { limit, maximum, found },
  });

/** Like a validation error, although it is found later. */
function limitError(limit: string, found: number, maximum: number): GraphQLError {
  const error = tooMuch(limit, found, maximum);
  return new GraphQLError(error.message, {
    extensions: { ...error.extensions, code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}
