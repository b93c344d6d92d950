import { normalizeDateTime } from './dateTime.js';

/** Linode's time as this schema writes it. */
export const toDateTime = (time: string): string => normalizeDateTime(time) ?? time;

export const toOptionalDateTime = (time: string | null): string | null =>
  time === null ? null : toDateTime(time);
