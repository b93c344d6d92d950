import { z } from 'zod';
import { apiUrlSchema } from './apiUrl.js';

/** How the text of an environment variable becomes a value. */
export interface ValueType<T> {
  /** What `--help` and the documentation call it: a unit, a range or a kind. */
  name: string;
  /** Reads the trimmed text, `''` where nothing is set. Its messages complete "NAME …". */
  schema: z.ZodType<T, string>;
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be from ${min} to ${max}`);

/** A whole number. `name` defaults to `number`. */
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER, name = 'number'): ValueType<number> => ({
  name,
  schema: wholeNumber(min, max),
});

/** A whole number whose range is short enough to be its name. */
export const range = (min: number, max: number): ValueType<number> => integer(min, max, `${min}–${max}`);

/** Null where nothing is set. */
export const optionalPort: ValueType<number | null> = {
  name: '0–65535',
  schema: z.union([z.literal('').transform(() => null), wholeNumber(0, 65_535)]),
};

/** A whole number of one unit, read as a smaller one. */
const scaled =
  (name: string, factor: number) =>
  (min: number, max: number): ValueType<number> => ({
    name,
    schema: wholeNumber(min, max).transform((n) => n * factor),
  });

/** Becomes milliseconds. */
export const seconds = scaled('seconds', 1000);
export const milliseconds = scaled('ms', 1);
/** Becomes bytes. */
export const kilobytes = scaled('KB', 1024);
/** Becomes bytes. */
export const megabytes = scaled('MB', 1024 * 1024);

export const boolean: ValueType<boolean> = {
  name: 'boolean',
  schema: z.enum(['true', 'false'], 'must be "true" or "false"').transform((text) => text === 'true'),
};

export const onOff: ValueType<boolean> = {
  name: 'on, off',
  schema: z.enum(['on', 'off'], 'must be "on" or "off"').transform((text) => text === 'on'),
};

/** One of some words; `''` among them makes the variable optional. */
export const oneOf = <const W extends string>(name: string, words: readonly W[]): ValueType<W> => {
  const named = words.filter((word) => word !== '');
  return {
    name,
    schema: z.enum(words, `must be ${named.slice(0, -1).join(', ')} or ${named.at(-1)}`),
  };
};

/** Any text but an empty one. */
export const text = (name: string): ValueType<string> => ({ name, schema: z.string().min(1) });

/** One segment or several; empty where nothing is set. */
export const pathPrefix: ValueType<string> = {
  name: 'path',
  schema: z.string().regex(/^(?:\/[\w.~-]+)*$/, 'must be a path such as /images, without a slash at its end'),
};

/** Null where nothing is set. */
export const filePath: ValueType<string | null> = {
  name: 'file',
  schema: z.string().transform((path) => path || null),
};

/** Null where nothing is set. */
export const httpUrl: ValueType<string | null> = {
  name: 'URL',
  schema: z
    .string()
    .refine((url) => url === '' || isHttpUrl(url), 'must be an http or https URL')
    .transform((url) => url || null),
};

/** A proxy, whose scheme defaults to http; null where nothing is set. */
export const proxyUrl: ValueType<string | null> = {
  name: 'URL',
  schema: z
    .string()
    .transform((url) => (url === '' || url.includes('://') ? url : `http://${url}`))
    .refine((url) => url === '' || isHttpUrl(url), 'must be an http or https URL')
    .transform((url) => url || null),
};

/** A Redis, whose password may be part of it; null where nothing is set. */
export const redisUrl: ValueType<string | null> = {
  name: 'URL',
  schema: z
    .string()
    .refine((url) => url === '' || isRedisUrl(url), 'must be a redis:// or rediss:// URL')
    .transform((url) => url || null),
};

const isRedisUrl = (url: string): boolean =>
  URL.canParse(url) && ['redis:', 'rediss:'].includes(new URL(url).protocol) && new URL(url).hostname !== '';

const KEY_BYTES = 32;

/** Keys of AES-256 in Base64, separated by commas; none where nothing is set. */
export const encryptionKeys: ValueType<Buffer[]> = {
  name: 'keys',
  schema: z
    .string()
    .transform((keys) => (keys === '' ? [] : keys.split(',').map((key) => Buffer.from(key.trim(), 'base64'))))
    .refine(
      (keys) => keys.every((key) => key.length === KEY_BYTES),
      `must be keys of ${KEY_BYTES} bytes in Base64, separated by commas`,
    ),
};

/** Any text. */
export const optionalText = (name: string): ValueType<string> => ({ name, schema: z.string() });

/** Linode's API; null where nothing is set. */
export const apiUrl: ValueType<URL | null> = { name: 'URL', schema: apiUrlSchema };

/** Operation names, separated by commas; none where nothing is set. */
export const operationNames = list(
  (name) => /^[_A-Za-z]\w*$/.test(name),
  'must be operation names, separated by commas',
);

/** Origins or patterns of them, separated by commas, or `*`; none where nothing is set. */
export const origins = list(
  (origin) => origin === '*' || isOrigin(origin) || isOriginPattern(origin),
  'must be origins such as https://app.example.com or https://*.example.com, separated by commas, or *',
);

/** Names of HTTP headers, separated by commas; none where nothing is set. */
export const headerNames = list(
  (name) => /^[\w-]+$/.test(name),
  'must be names of request headers, separated by commas',
);

/** Slugs of regions, separated by commas; none where nothing is set. */
export const regionSlugs = list(
  (slug) => /^[a-z0-9][a-z0-9-]*$/.test(slug),
  'must be region IDs such as us-east, separated by commas',
);

/** Origins, separated by commas; none where nothing is set. */
export const exactOrigins = list(
  (origin) => isOrigin(origin),
  'must be origins such as https://app.example.com, separated by commas, without wildcards',
);

/** Scopes of Linode's OAuth, separated by spaces. */
export const oauthScopes: ValueType<string[]> = {
  name: 'list',
  schema: z
    .string()
    .transform((text) => text.split(/\s+/).filter((scope) => scope !== ''))
    .refine(
      (scopes) =>
        scopes.length > 0 && scopes.every((scope) => /^(?:\*|[a-z_]+:read_(?:only|write))$/.test(scope)),
      'must be scopes such as images:read_only, separated by spaces',
    ),
};

const MIN_SECRET_LENGTH = 32;

/** Separated by commas; none where nothing is set. */
export const secrets: ValueType<string[]> = {
  ...list(
    (secret) => secret.length >= MIN_SECRET_LENGTH,
    `must be secrets of at least ${MIN_SECRET_LENGTH} characters, separated by commas`,
  ),
  name: 'secrets',
};

export const secretText: ValueType<string> = { name: 'secret', schema: z.string() };

function list(isValid: (item: string) => boolean, message: string): ValueType<string[]> {
  return {
    name: 'list',
    schema: z
      .string()
      .transform((items) => (items === '' ? [] : items.split(',').map((item) => item.trim())))
      .refine((items) => items.every(isValid), message),
  };
}

/** As browsers send it: no path, no trailing slash, no default port. URLs may hold a `*`, origins do not. */
const isOrigin = (url: string): boolean =>
  !url.includes('*') && isHttpUrl(url) && new URL(url).origin === url;

/**
 * An origin with `*` in place of one label. The two last labels are never wildcards, so that no pattern allows a whole
 * top-level domain; `localhost` needs one.
 */
const isOriginPattern = (text: string): boolean =>
  /^\w+:\/\/(?:[^*]+\.)?\*\.(?:localhost|[^*.:]+\.[^*:]+)(?::\d+)?$/.test(text) &&
  isOrigin(text.replace('*', 'label'));

const isHttpUrl = (url: string): boolean =>
  URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
