/** Milliseconds since the epoch in the API's form: `2024-05-20T12:00:00`, in UTC and without a zone. */
export function toWireDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** The API's dates back to milliseconds since the epoch; NaN for what is no date. */
export function fromWireDate(date: string): number {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(date) ? date : `${date}Z`);
}
