import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const VERSION_SEGMENT = /^v\d+(?:beta)?$/;

/** Reads `LINODE_API_URL`; null where nothing is set. */
export const apiUrlSchema = z.string().transform((text, context): URL | null => {
  if (text === '') return null;
  const problem = apiUrlProblem(text);
  if (problem === null) return new URL(text);
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

function apiUrlProblem(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return 'must be an https URL';
  if (url.username || url.password) return 'must hold no credentials: callers bring their tokens';
  if (url.search || url.hash) return 'must have no query and no fragment';
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  if (!VERSION_SEGMENT.test(segments.at(-1) ?? '')) return 'must end in its version path, such as /v4';
  if (VERSION_SEGMENT.test(segments.at(-2) ?? '')) {
    return `must hold its version path once, such as ${url.origin}/${segments.slice(0, -1).join('/')}`;
  }
  return null;
}

/** Whether tokens would travel unencrypted to another machine. */
export const isInsecure = (url: URL): boolean => url.protocol === 'http:' && !isLoopback(url.hostname);

/** The value as written, without the credentials that a URL may contain. */
export const quoted = (value: string): string => `"${value.replace(/\/\/[^/@]*@/, '//***@')}"`;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** @param hostname as `URL` gives it. A name can begin like a loopback address and still belong to another host. */
function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  return version === 0 ? hostname === 'localhost' : LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
