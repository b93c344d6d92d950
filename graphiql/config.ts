/** What the gateway says of itself in the page; the counterpart of `PageConfig` in src/http/routes/graphiql.ts. */
export interface PageConfig {
  /** Whether the gateway runs on the embedded Linode, where nothing is real and the tokens are public. */
  sandbox: boolean;
  /** Whether the gateway answers `X-Explain: 1`. */
  explain: boolean;
  /** Whether users can sign in. */
  sessions: boolean;
}

export function readConfig(): PageConfig {
  const written = JSON.parse(
    document.getElementById('gateway-config')?.textContent ?? '{}',
  ) as Partial<PageConfig>;
  return { sandbox: false, explain: false, sessions: false, ...written };
}

/** What a link to the page may carry. A token is not among it. */
export function readLink(): { query: string; variables: string; operationName: string | null } | null {
  const link = new URLSearchParams(location.search);
  const query = link.get('query');
  if (!query) return null;
  return { query, variables: link.get('variables') ?? '', operationName: link.get('operationName') };
}

/** The endpoint is a sibling of the page, so that it is found behind any path prefix. */
export const endpoint = new URL('graphql', document.baseURI);

/** A route of sessions, found the same way. */
export const authRoute = (path: string) => new URL(`auth/${path}`, document.baseURI);
