import type { IncomingMessage, Server } from 'node:http';

/**
 * Removes the path that a proxy has put in front of the gateway's own, and does not strip itself. Register it first:
 * what is behind it sees the gateway's paths alone. Requests without the prefix, such as probes, are left as they are.
 * @param basePath such as `/images`, or empty
 */
export function stripBasePath(server: Server, basePath: string): void {
  if (basePath === '') return;
  const strip = (req: IncomingMessage): void => {
    req.url = withoutBasePath(req.url ?? '/', basePath);
  };
  server.on('request', strip);
  server.on('upgrade', strip);
}

/** @param url a path with its query, or a whole URL, which clients send to a proxy */
export function withoutBasePath(url: string, basePath: string): string {
  const origin = url.startsWith('/') ? '' : (/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? '');
  const path = url.slice(origin.length);
  return path.startsWith(`${basePath}/`) ? origin + path.slice(basePath.length) : url;
}
