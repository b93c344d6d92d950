import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { acceptedType } from '../errors.js';

export interface GraphiQLOptions {
  /** Directory of the built page: `index.html`, and `graphiql/assets/…`. */
  directory: string;
  /** Whether the upstream is the embedded sandbox: the page then offers its tokens and IDs that exist. */
  sandbox: boolean;
  /** Whether `X-Explain: 1` is supported: the page then has a button for it. */
  explain: boolean;
  /** Whether users can sign in: the page then has a button for it, and asks for no token. */
  sessions: boolean;
}

/** The configuration in the page; the counterpart of `PageConfig` in graphiql/config.ts. */
type PageConfig = Omit<GraphiQLOptions, 'directory'>;

/** Serves GraphiQL at `/` and `/graphql` to clients that prefer HTML; other requests are passed on. */
export function graphiql({ directory, ...config }: GraphiQLOptions): Router {
  const page = readPage(directory, config);

  return express
    .Router()
    .use((req, res, next) => {
      // Not `.get`: for a path that has one, Express responds to OPTIONS itself, preflights included.
      if (!isForPage(req)) return next();
      res.vary('Accept');
      if (!prefersHtml(req)) return next();
      if (hasTrailingSlash(req)) return res.redirect(308, `../graphql${queryOf(req)}`);
      setPolicy(req, res);
      // The page names the assets of one build, so it is revalidated each time; the assets never change.
      res.set('Cache-Control', 'no-cache').type('html').send(page);
    })
    .use('/graphiql/assets', policy, express.static(join(directory, 'graphiql/assets'), IMMUTABLE));
}

const IMMUTABLE = { immutable: true, maxAge: '1y', index: false, redirect: false } as const;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Monaco writes its theme and every line's position into style elements and attributes.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The assets get the policy too: a worker is bound by that of its script, not of its page. */
function setPolicy(_req: Request, res: Response): void {
  res.set({
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
}

function policy(req: Request, res: Response, next: NextFunction): void {
  setPolicy(req, res);
  next();
}

const isForPage = ({ method, path }: Request) => method === 'GET' && /^\/(?:graphql\/?)?$/i.test(path);

/** JSON is the preferred type, so that `*\/*`, which curl and SDKs send, does not get the page. */
const prefersHtml = (req: Request) => acceptedType(req, ['text/html']) === 'text/html';

/** At `/graphql/` the page's relative links would not resolve. */
const hasTrailingSlash = (req: Request) => req.path.length > 1 && req.path.endsWith('/');

const queryOf = (req: Request) => /\?.*$/.exec(req.originalUrl)?.[0] ?? '';

const CONFIG_SLOT = /(<script type="application\/json" id="gateway-config">)[^<]*(?=<\/script>)/;

function readPage(directory: string, config: PageConfig): string {
  const path = join(directory, 'index.html');
  let built: string;
  try {
    built = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`GraphiQL is not built: ${path} is missing; run "npm run build" or set GRAPHIQL=false`, {
      cause,
    });
  }
  if (!CONFIG_SLOT.test(built)) throw new Error(`${path} is not the GraphiQL page; run "npm run build"`);
  return built.replace(CONFIG_SLOT, (_slot, tag: string) => tag + JSON.stringify(config));
}
