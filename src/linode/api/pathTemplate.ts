/** The fixed segments of the paths that this gateway requests; all other segments are IDs or names. */
const PATH_SEGMENTS = new Set(
  'images upload linode instances disks account users events regions profile grants'.split(' '),
);

/** A path for logs and traces: without its query, and with `{id}` in place of what a client wrote. */
export const templateOf = (path: string): string =>
  path
    .replace(/\?.*/s, '')
    .split('/')
    .map((part) => (part === '' || PATH_SEGMENTS.has(part) ? part : '{id}'))
    .join('/');

/** The resource of a list's path, such as `images` or `disks`. */
export const resourceOf = (listPath: string): string => templateOf(listPath).split('/').at(-1) ?? '';
