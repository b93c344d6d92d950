import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { acceptedType } from '../errors.js';

export interface GraphiQLOptions {
  /** Where the built page lies: `index.html`, and beneath it `graphiql/assets/…`. */
  directory: string;
  /** Whether the gateway runs on the embedded Linode: the page then fills in a public token and working ids. */
  sandbox: boolean;
  /** Whether the gateway answers `X-Explain: 1`: the page then has a button for it. */
  explain: boolean;
}

/** What the page is told; the counterpart of `PageConfig` in graphiql/config.ts. */
type PageConfig = Omit<GraphiQLOptions, 'directory'>;

/** GraphiQL at `/` and `/graphql` for whoever asks for HTML; everybody else is passed on. */
export function graphiql({ directory, sandbox, explain }: GraphiQLOptions): Router {
  const page = readPage(directory, { sandbox, explain });

  return express
    .Router()
    .use((req, res, next) => {
      // No `.get`: for a path that has one, Express answers OPTIONS by itself, preflights included.
      if (!isForPage(req)) return next();
      res.vary('Accept');
      if (!prefersHtml(req)) return next();
      if (isSlashed(req)) return res.redirect(308, `../graphql${queryOf(req)}`);
      guard(req, res);
      // The page names the assets of one build, so it is asked for anew each time; they never change.
      res.set('Cache-Control', 'no-cache').type('html').send(page);
    })
    .use('/graphiql/assets', guardNext, express.static(join(directory, 'graphiql/assets'), IMMUTABLE));
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

/** The assets get the policy too: a worker obeys that of its own script, not its page's. */
function guard(_req: Request, res: Response): void {
  res.set({
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
}

function guardNext(req: Request, res: Response, next: NextFunction): void {
  guard(req, res);
  next();
}

const isForPage = ({ method, path }: Request) =>
  (method === 'GET' || method === 'HEAD') && /^\/(?:graphql\/?)?$/i.test(path);

/** JSON stands first, so that `*\/*`, as curl and the SDKs send it, is no wish for a page. */
const prefersHtml = (req: Request) => acceptedType(req, ['text/html']) === 'text/html';

/** From `/graphql/` the page's relative links would miss. */
const isSlashed = (req: Request) => req.path.length > 1 && req.path.endsWith('/');

const queryOf = (req: Request) => /\?.*$/.exec(req.originalUrl)?.[0] ?? '';

const CONFIG_SLOT = /(<script type="application\/json" id="gateway-config">)[^<]*(?=<\/script>)/;

function readPage(directory: string, config: PageConfig): string {
  const path = join(directory, 'index.html');
  let built: string;
  try {
    built = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`GraphiQL is not built: ${path} is missing; run "npm run build" or switch GRAPHIQL off`, {
      cause,
    });
  }
  if (!CONFIG_SLOT.test(built)) throw new Error(`${path} is not the page of GraphiQL; run "npm run build"`);
  return built.replace(CONFIG_SLOT, (_slot, tag: string) => tag + JSON.stringify(config));
}
