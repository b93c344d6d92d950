/** Linode's word in the schema's; `UNKNOWN` where the table does not know it. */
export const wordOf = <T extends string>(table: Readonly<Record<string, T>>, word: string): T | 'UNKNOWN' =>
  own(table, word) ?? 'UNKNOWN';

/** What a table itself holds: every object answers to `constructor`. */
export const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
