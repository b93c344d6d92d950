import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalAddress, clientAddress } from '../../../src/http/admission/clientAddress.js';

const PEER = '10.9.9.9';
const addressOf = (forwardedFor: string | undefined, hops: number, peer: string | undefined = PEER): string =>
  clientAddress({ headers: { 'x-forwarded-for': forwardedFor }, socket: { remoteAddress: peer } }, hops);

describe('the canonical address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['192.0.2.1:', '192.0.2.1'],
    ['"192.0.2.1:8080"', '192.0.2.1'],
    ['[192.0.2.1]:8080', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1'],
    ['::ffff:192.0.2.1%eth0', '192.0.2.1'],
    ['::ffff:192.0.2.1:8080', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:8080', '192.0.2.1'],
    ['64:ff9b::192.0.2.1', '192.0.2.1'],
    ['::ffff:0:192.0.2.1', '192.0.2.1'],
    ['2002:c000:201::1', '192.0.2.1'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::ABCD', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]:443', '2001:db8:1:2::/64'],
    ['"[2001:db8:1:2::1]:443"', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['[fe80::1%25eth0]:443', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (text, address) => {
    expect(canonicalAddress(text)).toBe(address);
  });

  it.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    'localhost',
    '1',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '192.0.2.01',
    '192.0.2.256',
    '192.0.2.1.1',
    '192.0.2.1:port',
    '192.0.2.1/24',
    '-1.0.2.1',
    '[192.0.2.1',
    '2001:db8::1::2',
    '2001:db8::12345',
    '2001:db8:0:0::/64',
    '1:2:3:4:5:6:7:8:9',
    'fe80::1%',
    '::ffff:192.0.2.256',
    '١٩٢.0.2.1',
  ])('of an invalid address does not exist: %s', (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
  });

  it('of a long header does not exist', () => {
    for (const part of ['x', ':', '1.', '[', '1:', '":1']) {
      expect(canonicalAddress(part.repeat(10_000))).toBeUndefined();
    }
  });
});

/** 32 bits. */
const ipv4 = fc.ipV4();
/** The four groups of a /64, outside the ranges that embed IPv4. */
const network = fc
  .tuple(fc.integer({ min: 0x2600, max: 0x3fff }), ...Array.from({ length: 3 }, () => fc.nat(0xffff)))
  .map((groups) => groups.map((group) => group.toString(16)));
const host = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(0xffff).map((group) => group.toString(16))));
const zone = fc.constantFrom('', '%eth0', '%1', '%25en0', '%a-b', '%a.b', '%a:b');
const port = fc.nat(65_535);

const asHex = (address: string): string => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};
/** What proxies and clients write for one IPv4 address. */
const spellingOfIpv4 = (address: string): fc.Arbitrary<string> =>
  fc
    .tuple(port, zone)
    .chain(([number, zoneId]) =>
      fc.constantFrom(
        address,
        `${address}:${number}`,
        `"${address}:${number}"`,
        `::ffff:${address}${zoneId}`,
        `::ffff:${address}:${number}`,
        `[::ffff:${address}]:${number}`,
        `0:0:0:0:0:FFFF:${asHex(address)}`,
        `::ffff:${asHex(address)}`,
        `64:ff9b::${address}`,
        `2002:${asHex(address)}:${number.toString(16)}::1`,
      ),
    );
/** And for one IPv6 address. */
const spellingOfIpv6 = (groups: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(port, zone).chain(([number, zoneId]) => {
    const address = groups.join(':');
    const padded = groups.map((group) => group.padStart(4, '0').toUpperCase()).join(':');
    return fc.constantFrom(
      `${address}${zoneId}`,
      `${padded}${zoneId}`,
      `[${address}${zoneId}]`,
      `[${address}]:${number}`,
      `"[${padded}${zoneId}]:${number}"`,
    );
  });

describe('two spellings', () => {
  it('of one IPv4 address are one client', () => {
    const spellings = ipv4.chain((address) => fc.tuple(spellingOfIpv4(address), fc.constant(address)));
    fc.assert(
      fc.property(spellings, ([text, address]) => {
        expect(canonicalAddress(text)).toBe(address);
      }),
      { numRuns: 500 },
    );
  });

  it('of addresses in one /64 are one client', () => {
    const spellings = fc
      .tuple(network, host, host)
      .chain(([net, one, other]) =>
        fc.tuple(spellingOfIpv6([...net, ...one]), spellingOfIpv6([...net, ...other])),
      );
    fc.assert(
      fc.property(spellings, ([one, other]) => {
        expect(canonicalAddress(one)).toMatch(/^[0-9a-f:]+::\/64$/);
        expect(canonicalAddress(one)).toBe(canonicalAddress(other));
      }),
      { numRuns: 500 },
    );
  });

  it('of different IPv4 addresses are two clients', () => {
    const spellings = fc
      .uniqueArray(ipv4, { minLength: 2, maxLength: 2 })
      .chain((addresses) => fc.tuple(...addresses.map(spellingOfIpv4)));
    fc.assert(
      fc.property(spellings, ([one = '', other = '']) => {
        expect(canonicalAddress(one)).not.toBe(canonicalAddress(other));
      }),
      { numRuns: 500 },
    );
  });

  it('of addresses in different /64 are two clients', () => {
    const networks = fc.uniqueArray(network, { minLength: 2, maxLength: 2, selector: String });
    const spellings = fc
      .tuple(networks, host)
      .chain(([nets, rest]) => fc.tuple(...nets.map((net) => spellingOfIpv6([...net, ...rest]))));
    fc.assert(
      fc.property(spellings, ([one = '', other = '']) => {
        expect(canonicalAddress(one)).not.toBe(canonicalAddress(other));
      }),
      { numRuns: 500 },
    );
  });

  it('are settled: what is canonical stays so, and nothing throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), (text) => {
        const address = canonicalAddress(text);
        if (address !== undefined) expect(canonicalAddress(address.replace('/64', ''))).toBe(address);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the client of a request', () => {
  it.each([
    ['is the peer where no proxy is trusted', '192.0.2.1', 0, PEER],
    ['is the peer where the proxy says nothing', undefined, 1, PEER],
    ['is what the only proxy reports', '192.0.2.1', 1, '192.0.2.1'],
    ['is not what the client itself claims', '198.51.100.7, 192.0.2.1', 1, '192.0.2.1'],
    ['is what the outermost of two proxies reports', '198.51.100.7, 192.0.2.1, 10.0.0.2', 2, '192.0.2.1'],
    ['is the first entry where there are fewer than proxies', '192.0.2.1', 3, '192.0.2.1'],
    ['is the next proxy where an entry is no address', 'made-up, 10.0.0.2', 2, '10.0.0.2'],
    ['is the peer where no entry is an address', 'made-up', 1, PEER],
    ['is the peer where the entry is empty', '192.0.2.1,', 1, PEER],
  ])('%s', (_, forwardedFor, hops, address) => {
    expect(addressOf(forwardedFor, hops)).toBe(address);
  });

  it('has one spelling where it is the peer too', () => {
    expect(addressOf(undefined, 0, '::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressOf(undefined, 0, '2001:db8::5')).toBe('2001:db8:0:0::/64');
  });
});
