import type { NextFunction, Request, Response } from 'express';

/** By what name clients send the ID: the GraphQL-over-HTTP draft, Relay, and others, in order of precedence. */
const NAMES = ['documentId', 'doc_id', 'id'] as const;

/**
 * Lets clients send a persisted document's ID by the names that they use, instead of Apollo's
 * `extensions.persistedQuery`, to which it is translated. A request with a `query` or with Apollo's own form is left
 * alone.
 */
export function documentId(req: Request, _: Response, next: NextFunction): void {
  if (req.method === 'GET') inUrl(req);
  else inBody(req);
  next();
}

function inUrl(req: Request): void {
  const [path = '/', search = ''] = req.url.split(/\?(.*)/s, 2);
  const parameters = new URLSearchParams(search);
  const id = NAMES.map((name) => parameters.get(name)).find((value) => value);
  if (!id || parameters.get('query') || parameters.get('extensions')) return;
  parameters.set('extensions', JSON.stringify(extensionsFor(id)));
  req.url = `${path}?${parameters.toString()}`;
}

function inBody(req: Request): void {
  const body = req.body as Record<string, unknown> | null | undefined;
  if (typeof body === 'object' && body !== null) req.body = withDocumentId(body);
}

/** The same body, or one that names its document by Apollo's extension. */
export function withDocumentId(body: Record<string, unknown>): Record<string, unknown> {
  const id = NAMES.map((name) => body[name]).find((value) => typeof value === 'string' && value !== '');
  const { query, extensions } = body as { query?: unknown; extensions?: { persistedQuery?: unknown } | null };
  if (id === undefined || query || extensions?.persistedQuery) return body;
  return { ...body, extensions: { ...extensions, ...extensionsFor(String(id)) } };
}

const extensionsFor = (id: string) => ({
  persistedQuery: { version: 1, sha256Hash: id.replace(/^sha256:/, '') },
});
