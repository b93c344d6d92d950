/** Formats milliseconds since the epoch as the API does: `2024-05-20T12:00:00`, UTC without a zone. */
export function toWireDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** Parses the API's dates to milliseconds since the epoch; NaN if invalid. */
export function fromWireDate(date: string): number {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(date) ? date : `${date}Z`);
}
