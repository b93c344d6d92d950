/** The maximum age of a response that the client accepts, in ms; undefined if its `Cache-Control` header sets none. */
export function maxAgeMsFrom(cacheControl: string | undefined): number | undefined {
  if (!cacheControl) return undefined;
  const directives = cacheControl.split(',').map((directive) => directive.trim().toLowerCase());
  if (directives.includes('no-cache') || directives.includes('no-store')) return 0;
  const maxAge = directives.map((directive) => /^max-age="?(\d{1,9})"?$/.exec(directive)?.[1]).find(Boolean);
  return maxAge === undefined ? undefined : Number(maxAge) * 1000;
}
