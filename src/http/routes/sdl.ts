import { Router } from 'express';

/**
 * Serves the schema as one SDL document at `/schema.graphql`, to editors and code generators.
 * @param print called once, at the first request
 */
export function sdl(print: () => string): Router {
  let printed: string | undefined;
  return Router().get('/schema.graphql', (_, res) => {
    // It changes with the gateway's version alone.
    res
      .set('Cache-Control', 'no-cache')
      .type('text/plain')
      .send((printed ??= print()));
  });
}
