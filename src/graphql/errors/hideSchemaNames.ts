/**
 * What graphql-js says of the schema beside what the request itself names: suggestions, the types of fields and
 * arguments, and what is required. In order; the first capture groups stay.
 */
const HIDDEN: readonly (readonly [RegExp, string])[] = [
  [/ Did you mean [^?]*\?/g, ''],
  [/^(Cannot query field "\w+") on type "\w+"/, '$1'],
  [/^(Unknown argument "\w+" on field ")\w+\./, '$1'],
  [/^(Field "\w+") of type "[^"]*" must have/, '$1 must have'],
  [
    /^(Field "\w+") must not have a selection since type "[^"]*" has/,
    '$1 must not have a selection since it has',
  ],
  [/^(Field "\w+") argument "\w+" of type "[^"]*" is required, but it/, '$1 requires an argument that'],
  [/\bField "[\w.]+" of required type "[^"]*" was/, 'A required field was'],
  [/\b(Field "\w+" is not defined) by type "\w+"/, '$1'],
  [/\bExpected value of type "[^"]*", found/, 'Unexpected value'],
  [/\bExpected type "[^"]*" to be/, 'Expected the value to be'],
  [/\bExpected non-nullable type "[^"]*" not/, 'Expected the value not'],
  [/\bExpected type "[^"]*"\./, 'Unexpected value.'],
  [/\b(does not exist in) "\w+" enum/, '$1 the enum'],
  [/\bEnum "\w+" cannot/, 'The enum cannot'],
  [/ expecting type "[^"]*"/, ' expecting another type'],
  [/ as objects of type "\w+" can never be of type "\w+"/, ', as the types never match'],
  [/\b(they return conflicting types) "[^"]*" and "[^"]*"/g, '$1'],
];

/** The message of graphql-js without the names of the schema that the request does not contain. */
export const hideSchemaNames = (message: string): string =>
  HIDDEN.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), message);
