const MAX_LENGTH = 2000;

/**
 * Where a browser goes after it signed in: a path of the gateway's own origin.
 * @param base the gateway's URL as browsers see it
 * @returns the whole URL; that of the gateway itself for anything but such a path
 */
export function returnUrl(returnTo: string | null, base: URL): string {
  const fallback = new URL(base.pathname, base.origin).href;
  if (returnTo === null || returnTo.length > MAX_LENGTH || !returnTo.startsWith('/')) return fallback;
  if (!URL.canParse(returnTo, base.origin)) return fallback;
  // A whole URL: a path such as `//host` would be another host's.
  const url = new URL(returnTo, base.origin);
  const isOwn = url.origin === base.origin && url.username === '' && url.password === '';
  return isOwn && !/\/auth\/\w+\/?$/i.test(url.pathname) ? url.href : fallback;
}
