import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The parts of 16 bits that are one client's IPv6 network: providers give each customer a /64 at least. */
const NETWORK_PARTS = 4;

/** What is needed of Node's request. */
interface FromClient {
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined };
}

/**
 * The address that a request counts against: of the connection's peer, or of the client that `trustProxyHops`
 * proxies in front report in `X-Forwarded-For`. An entry that is no address is skipped for the one that the next
 * proxy reports, so that no text a client makes up is an address of its own.
 * @returns an IPv4 address, an IPv6 /64, or an empty string once the connection is closed
 */
export function clientAddress({ headers, socket }: FromClient, trustProxyHops: number): string {
  if (trustProxyHops > 0) {
    const forwardedFor = headers['x-forwarded-for'];
    // Node joins repeated lines of this header; the type allows a list nevertheless.
    const entries = forwardedFor?.toString().split(',').slice(-trustProxyHops) ?? [];
    for (const entry of entries) {
      const address = canonicalAddress(entry);
      if (address !== undefined) return address;
    }
  }
  const peer = socket.remoteAddress ?? '';
  return canonicalAddress(peer) ?? peer;
}

/**
 * One spelling for each client: ports, brackets, quotes and zones are removed, IPv4 addresses that are embedded in
 * IPv6 are IPv4 again, and other IPv6 addresses are their /64.
 * @returns undefined if it is not an address
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const address = withoutPort(text.trim());
  // Not by the library's own check, which takes "1", "0x7f.1" and octal digits too.
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const { parts } = ipaddr.IPv6.parse(address.replace(/%.*/, ''));
  return embeddedIpv4(parts) ?? `${parts.slice(0, NETWORK_PARTS).map(toHex).join(':')}::/64`;
}

const toHex = (part: number): string => part.toString(16);

/** Prefixes of mapped, translated (SIIT, NAT64) and tunneled (6to4) addresses, and which parts are the IPv4 address. */
const EMBEDDINGS: readonly (readonly [prefix: readonly number[], at: number])[] = [
  [[0, 0, 0, 0, 0, 0xffff], 6],
  [[0, 0, 0, 0, 0xffff, 0], 6],
  [[0x64, 0xff9b, 0, 0, 0, 0], 6],
  [[0x2002], 1],
];

/** The IPv4 address that an IPv6 address embeds, if it does. */
function embeddedIpv4(parts: readonly number[]): string | undefined {
  const [, at] = EMBEDDINGS.find(([prefix]) => prefix.every((part, i) => part === parts[i])) ?? [];
  if (at === undefined) return undefined;
  return parts
    .slice(at, at + 2)
    .flatMap((part) => [part >> 8, part & 0xff])
    .join('.');
}

/** `1.2.3.4:5`, `[2001:db8::1]:5`, either in the quotes that `Forwarded` needs; a bare IPv6 address has no port. */
function withoutPort(text: string): string {
  const unquoted = /^"(.*)"$/.exec(text)?.[1] ?? text;
  const bracketed = /^\[([^[\]]*)\](?::\d*)?$/.exec(unquoted)?.[1];
  return bracketed ?? /^(.*\.\d+):\d*$/.exec(unquoted)?.[1] ?? unquoted;
}
