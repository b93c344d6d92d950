import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isOnTheCalendar } from '../../linode/calendar.js';

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)?$/;

/**
 * A `DateTime` from RFC 3339 text; without a zone it is UTC, as in Linode's responses. Undefined if the text is not
 * a date and time.
 */
export function normalizeDateTime(text: string): string | undefined {
  const time = RFC_3339.exec(text);
  if (!time) return undefined;
  const [, date = '', clock = '', fraction = '', zone = 'Z'] = time;
  const utc = `${date}T${clock}Z`;
  if (!isOnTheCalendar(utc)) return undefined;
  if (fraction === '' && /^z$/i.test(zone)) return utc;
  const zoned = new Date(`${date}T${clock}${fraction}${zone.toUpperCase()}`);
  if (Number.isNaN(zoned.getTime())) return undefined;
  const written = zoned.toISOString().replace('.000Z', 'Z');
  // The zone may shift a time out of the years that RFC 3339 allows.
  return RFC_3339.test(written) ? written : undefined;
}

function parse(value: unknown, node?: ValueNode): string {
  const time = typeof value === 'string' ? normalizeDateTime(value) : undefined;
  if (time === undefined) {
    throw new GraphQLError('DateTime must be an RFC 3339 date and time, such as "2026-03-01T12:00:00Z"', {
      nodes: node ?? null,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return time;
}

export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description:
    'A point in time, RFC 3339 in UTC, always with `Z`: `2026-03-01T12:00:00Z`. As input, any offset is accepted; a value without one is UTC.',
  serialize: (value) => value as string,
  parseValue: (value) => parse(value),
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined, node),
});
