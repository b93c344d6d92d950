/** The enum value for Linode's word; `UNKNOWN` if the table does not list it. */
export const enumValueOf = <T extends string>(
  table: Readonly<Record<string, T>>,
  word: string,
): T | 'UNKNOWN' => own(table, word) ?? 'UNKNOWN';

/** An own property of a table: every object inherits `constructor`. */
export const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
