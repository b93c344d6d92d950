import { GraphQLError, isValueNode, Kind } from 'graphql';

/**
 * The message for an invalid variable without its value: graphql-js quotes it, and messages are logged. Undefined for
 * other errors.
 */
export function variableMessage(error: unknown): string | undefined {
  if (!(error instanceof GraphQLError) || !error.originalError) return undefined;
  const definition = error.nodes?.[0];
  if (definition?.kind !== Kind.VARIABLE_DEFINITION) return undefined;
  const reason = error.originalError.message;
  if (reason === error.message) return undefined;
  const beforeReason = error.message.slice(0, -reason.length);
  const path = / at "([\w.[\]]+)"; $/.exec(beforeReason)?.[1];
  const place = path === undefined ? '' : ` at "${path}"`;
  return `Variable "$${definition.variable.name.value}" has an invalid value${place}; ${withoutValue(reason)}`;
}

/** Graphql-js writes what it expected, then the value. */
function withoutValue(reason: string): string {
  const scalar = /^((?:Enum )?"?\w+"? cannot represent (?:[\w -]+ )?value): /.exec(reason)?.[1];
  if (scalar !== undefined) return `${scalar}.`;
  const enumeration = /^Value .* does not exist in ("\w+" enum\.)/s.exec(reason)?.[1];
  if (enumeration !== undefined) return `it does not exist in ${enumeration}`;
  return reason;
}

/**
 * The non-null argument whose variable is null or missing. Graphql-js finds that during execution and gives no code;
 * its errors about a resolver's result never point at a value of the document.
 */
export function badArgument(error: unknown): string | undefined {
  if (!isWithoutCode(error)) return undefined;
  const node = error.nodes?.[0];
  return node && isValueNode(node) ? /^Argument "(\w+)"/.exec(error.message)?.[1] : undefined;
}

/** The message without the value that graphql-js quotes. */
export const argumentMessage = (argument: string, { message }: { message: string }): string =>
  message.includes('has invalid value')
    ? `Argument "${argument}" has an invalid value: a variable in it is null or missing.`
    : message;

/** Whether it is the error that ends a list of too many errors. */
export const isEndOfVariables = (error: unknown): boolean =>
  isWithoutCode(error) && error.message.startsWith('Too many errors processing variables');

const isWithoutCode = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions['code'] === undefined;
