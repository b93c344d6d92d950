import { LinodeRefused, type LinodeReason } from '../../linode/errors.js';
import type { UserError } from '../../generated/schema.js';
import { own } from '../models/enumValues.js';

/** Linode's names of arguments, and those of this schema. */
const FIELDS: Record<string, string> = {
  disk_id: 'diskId',
  label: 'label',
  description: 'description',
  cloud_init: 'cloudInit',
  region: 'region',
  regions: 'regions',
  tags: 'tags',
};

const LISTS = new Set(['regions', 'tags']);

/** An error that the gateway finds itself. @param field the path within the input */
export const invalid = (message: string, ...field: string[]): UserError => ({
  code: 'INVALID',
  message,
  field: ['input', ...field],
});

/**
 * The user errors for a 400 or 404 of Linode; at least one.
 * @param subject the argument that names the object of a 404
 * @throws every other error
 */
export function asUserErrors(error: unknown, subject: string): UserError[] {
  if (!(error instanceof LinodeRefused)) throw error;
  const [first = { reason: error.message }, ...rest] = error.reasons;
  if (error.status === 404) return [{ code: 'NOT_FOUND', message: first.reason, field: ['input', subject] }];
  if (error.status === 400) return [first, ...rest].map(toUserError);
  throw error;
}

const toUserError = ({ reason, field }: LinodeReason): UserError => ({
  code: reason === 'Linode busy.' ? 'CONFLICT' : 'INVALID',
  message: reason,
  field: field === undefined ? null : fieldPath(field),
});

/** Linode names an item `tags[1]`, and a nested field `a.b`. */
function fieldPath(field: string): string[] | null {
  const [, argument = '', index] = /^(\w+)(?:[[.](\d+))?/.exec(field) ?? [];
  const name = own(FIELDS, argument);
  if (name === undefined) return null;
  return ['input', name, ...(index !== undefined && LISTS.has(name) ? [index] : [])];
}
