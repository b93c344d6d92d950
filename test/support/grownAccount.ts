import type { Stack } from './stack.js';

export interface Grown {
  token: string;
  imageIds: string[];
  linodeIds: number[];
}

/**
 * An account of so many images, each by one of five users and each with a Linode that runs it, whose token may
 * do everything.
 */
export function growAccount({ linode }: Pick<Stack, 'linode'>, rows: number, first = 30_000_000): Grown {
  const token = `rows-${rows}`;
  const creators = [token, 'ann', 'ben', 'cem', 'dot'];
  const imageIds = Array.from({ length: rows }, (_, i) => `private/${first + i}`);
  const linodeIds = imageIds.map((_, i) => first * 2 + i);
  linode.addAccount({
    tokens: [{ token, username: token, scopes: '*' }],
    users: creators.slice(1).map((username) => ({ username })),
    images: imageIds.map((id, i) => ({
      id,
      label: `web-${i}`,
      created_by: creators[i % creators.length] ?? token,
    })),
    linodes: linodeIds.map((id, i) => ({ id, image: imageIds[i] ?? null })),
  });
  return { token, imageIds, linodeIds };
}

/** The lines of the sandbox's log without their queries, sorted: which calls there were, not in which order. */
export const callsOf = ({ linode }: Pick<Stack, 'linode'>): string[] =>
  linode.requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`).sort();
