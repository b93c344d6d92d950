import type { IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';

/** The IPv6 bits that are one client: providers give each customer a /64 at least. */
const IPV6_CLIENT_BITS = 64;

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
  const peer = socket.remoteAddress ?? '';
  if (trustProxyHops > 0) {
    const forwardedFor = headers['x-forwarded-for'];
    // Node joins repeated lines of this header; the type allows a list nevertheless.
    const entries = forwardedFor?.toString().split(',').slice(-trustProxyHops) ?? [];
    for (const entry of entries) {
      const address = canonicalAddress(entry);
      if (address !== undefined) return address;
    }
  }
  return canonicalAddress(peer) ?? peer;
}

/**
 * One spelling for each client: ports, brackets, quotes and zones are removed, IPv4 addresses that are embedded in
 * IPv6 are IPv4 again, and other IPv6 addresses are their /64.
 * @returns undefined for what is no address
 */
export function canonicalAddress(text: string): string | undefined {
  const address = withoutPort(text.trim());
  // Not by the library's parser: it takes "1", "0x7f.1" and octal digits too, so one address has many spellings.
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return address;
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return undefined;
  const ipv6 = ipaddr.IPv6.parse(address);
  const bytes = ipv6.toByteArray();
  const embedded = EMBEDDED_IPV4_AT[ipv6.range()];
  if (embedded !== undefined) return bytes.slice(embedded, embedded + 4).join('.');
  const network = bytes.map((byte, i) => (i < IPV6_CLIENT_BITS / 8 ? byte : 0));
  return `${ipaddr.fromByteArray(network).toString()}/${IPV6_CLIENT_BITS}`;
}

/** Where IPv6 ranges of translators and tunnels hold a client's IPv4 address, in bytes. */
const EMBEDDED_IPV4_AT: Partial<Record<string, number>> = {
  ipv4Mapped: 12,
  rfc6145: 12,
  rfc6052: 12,
  '6to4': 2,
};

/** `1.2.3.4:5`, `[2001:db8::1]:5`, either in the quotes that `Forwarded` needs; a bare IPv6 address has no port. */
function withoutPort(text: string): string {
  const unquoted = /^"(.*)"$/.exec(text)?.[1] ?? text;
  const bracketed = /^\[([^[\]]*)\](?::\d*)?$/.exec(unquoted)?.[1];
  return bracketed ?? /^(.*\.\d+):\d*$/.exec(unquoted)?.[1] ?? unquoted;
}
