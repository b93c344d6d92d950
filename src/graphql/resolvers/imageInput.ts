import type { UserError } from '../../generated/schema.js';
import { invalid } from '../errors/userErrors.js';
import { toRegionSlug } from '../models/globalId.js';
import { IMAGE_ID_FORM } from '../models/imageId.js';

/** The error of an ID that can't be an image ID. */
export const notAnImageId = invalid(`This is not an image ID. ${IMAGE_ID_FORM}`, 'id');

/** A NUL character, or a surrogate without its pair: JSON can carry both, but no database stores them as they are. */
const INVALID_TEXT = /[\0\p{Surrogate}]/u;

type Texts = Readonly<Record<string, string | readonly string[] | null | undefined>>;

/** An error for each text that cannot be written. @param texts by the name of their argument */
export const textErrors = (texts: Texts): UserError[] =>
  Object.entries(texts).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.flatMap((text: string, i) => textError(text, name, String(i)))
      : textError(value as string | null | undefined, name),
  );

const textError = (text: string | null | undefined, ...field: string[]): UserError[] =>
  text != null && INVALID_TEXT.test(text)
    ? [invalid('Text must not contain NUL characters or unpaired surrogates', ...field)]
    : [];

/** An error for each ID that can't be a region's. */
export const regionErrors = (ids: readonly string[] | null | undefined, name: string): UserError[] =>
  (ids ?? []).flatMap((id, i) =>
    toRegionSlug(id) === undefined
      ? [invalid('A region ID looks like "us-east" or "regions/us-east"', name, String(i))]
      : [],
  );

/** The slugs of regions by slug or global ID, those that can be none left out. */
export const toRegionSlugs = (ids: readonly string[]): string[] =>
  ids.flatMap((id) => toRegionSlug(id) ?? []);

/** The bare number, or a disk's global ID: `456`, `linodes/123/disks/456`. */
export function toDiskNumber(id: string): number | undefined {
  const number = Number(/^(?:linodes\/\d+\/disks\/)?([1-9]\d*)$/.exec(id)?.[1]);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The values that are neither absent nor null. */
export const given = <V extends Record<string, unknown>>(values: V): { [K in keyof V]?: NonNullable<V[K]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as {
    [K in keyof V]?: NonNullable<V[K]>;
  };
