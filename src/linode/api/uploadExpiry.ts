/** The longest validity that an S3 signature of version 4 may have, in seconds. */
const MAX_EXPIRES = 7 * 24 * 60 * 60;

/**
 * When a presigned upload URL expires, in ms since the epoch: by the `Expires` of an S3 signature of version 2, or by
 * `X-Amz-Date` and `X-Amz-Expires` of version 4. Undefined if it has neither.
 */
export function uploadExpiresAtMs(uploadTo: string): number | undefined {
  if (!URL.canParse(uploadTo)) return undefined;
  const query = new Map(
    [...new URL(uploadTo).searchParams].map(([name, value]) => [name.toLowerCase(), value]),
  );
  const epochSeconds = query.get('expires');
  if (epochSeconds !== undefined && /^\d{1,10}$/.test(epochSeconds)) return Number(epochSeconds) * 1000;
  const signedAtMs = parseBasicTime(query.get('x-amz-date') ?? '');
  const validFor = query.get('x-amz-expires') ?? '';
  if (signedAtMs === undefined || !/^\d{1,6}$/.test(validFor)) return undefined;
  const seconds = Number(validFor);
  return seconds > 0 && seconds <= MAX_EXPIRES ? signedAtMs + seconds * 1000 : undefined;
}

/** `20240520T120000Z`, ISO 8601's basic format. */
function parseBasicTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
