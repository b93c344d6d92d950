/** The words of the paths that this gateway asks; whatever else stands in one is an ID or a name. */
const PATH_SEGMENTS = new Set(
  'images upload linode instances disks account users events regions profile'.split(' '),
);

/** A path fit for logs and traces: without its query, and with `{id}` where a client's words would stand. */
export const templateOf = (path: string): string =>
  path
    .replace(/\?.*/s, '')
    .split('/')
    .map((part) => (part === '' || PATH_SEGMENTS.has(part) ? part : '{id}'))
    .join('/');

/** The resource of a list's path, such as `images` or `disks`. */
export const resourceOf = (listPath: string): string => templateOf(listPath).split('/').at(-1) ?? '';
