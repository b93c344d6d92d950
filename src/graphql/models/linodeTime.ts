import { normalizeDateTime } from '../scalars/dateTime.js';

/** The length of `YYYY-MM-DDTHH:MM:SS`. */
const PLAIN = 19;

/** Linode's time, which is on the calendar, as this schema writes it. */
export const toDateTime = (time: string): string =>
  time.length === PLAIN ? `${time}Z` : (normalizeDateTime(time) ?? time);

export const toOptionalDateTime = (time: string | null): string | null =>
  time === null ? null : toDateTime(time);
