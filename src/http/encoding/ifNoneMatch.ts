/**
 * Whether a client's `If-None-Match` names an entity tag, so that it has the response already. Compared weakly: a
 * proxy that encodes a response makes its tag weak.
 */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  const named: string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return named.includes(opaque);
}
