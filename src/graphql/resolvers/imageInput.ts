import type { UserError } from '../../generated/schema.js';
import { invalid } from '../errors/userErrors.js';
import { IMAGE_ID_FORM } from '../models/imageId.js';

/** The error of an ID that can't be an image ID. */
export const notAnImageId = invalid(`This is not an image ID. ${IMAGE_ID_FORM}`, 'id');

/** A NUL character, or a surrogate without its pair: JSON can carry both, but no database stores them as they are. */
const UNWRITABLE = /[\0\p{Surrogate}]/u;

/** An error for each text that cannot be written. @param texts by the name of their argument */
export const textErrors = (texts: Readonly<Record<string, string | null | undefined>>): UserError[] =>
  Object.entries(texts).flatMap(([name, text]) =>
    text != null && UNWRITABLE.test(text)
      ? [invalid('Text must not contain NUL characters or unpaired surrogates', name)]
      : [],
  );

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
