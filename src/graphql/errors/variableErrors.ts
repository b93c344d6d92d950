import { GraphQLError, isValueNode, Kind } from 'graphql';

/**
 * What is wrong with a variable, without its value: graphql-js quotes it, and messages end in logs. Undefined for
 * errors of any other kind.
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

/** Graphql-js says what it expected, then what it got. */
function withoutValue(reason: string): string {
  const scalar = /^((?:Enum )?"?\w+"? cannot represent (?:[\w -]+ )?value): /.exec(reason)?.[1];
  if (scalar !== undefined) return `${scalar}.`;
  const enumeration = /^Value .* does not exist in ("\w+" enum\.)/s.exec(reason)?.[1];
  if (enumeration !== undefined) return `it does not exist in ${enumeration}`;
  return reason;
}

/**
 * The argument that a variable, null or missing, leaves without a value that it must have. Graphql-js finds that only
 * while it executes, and gives no code; what it throws at an answer of ours never points at a value of the document.
 */
export function badArgument(error: unknown): string | undefined {
  if (!isWithoutCode(error)) return undefined;
  const node = error.nodes?.[0];
  return node && isValueNode(node) ? /^Argument "(\w+)"/.exec(error.message)?.[1] : undefined;
}

/** What is wrong with it, without the value that graphql-js quotes. */
export const argumentMessage = (argument: string, { message }: { message: string }): string =>
  message.includes('has invalid value')
    ? `Argument "${argument}" has an invalid value: a variable in it is null or missing.`
    : message;

/** Whether it tells that more variables are bad than are told. */
export const isEndOfVariables = (error: unknown): boolean =>
  isWithoutCode(error) && error.message.startsWith('Too many errors processing variables');

const isWithoutCode = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions['code'] === undefined;
