import { normalizeDateTime } from '../scalars/dateTime.js';

/** The length of `YYYY-MM-DDTHH:MM:SS`. */
const PLAIN = 19;

/** A time that Linode sent, validated before, as a `DateTime`. */
export const toDateTime = (time: string): string =>
  time.length === PLAIN ? `${time}Z` : (normalizeDateTime(time) ?? time);

export const toOptionalDateTime = (time: string | null): string | null =>
  time === null ? null : toDateTime(time);
