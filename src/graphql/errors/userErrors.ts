import { LinodeRefused, type LinodeReason } from '../../linode/errors.js';
import type { UserError } from '../../generated/schema.js';
import { own } from '../models/enumWords.js';

/** Linode's word for an argument, and ours. */
const FIELDS: Record<string, string> = {
  disk_id: 'diskId',
  label: 'label',
  description: 'description',
  cloud_init: 'cloudInit',
  region: 'region',
};

/** A refusal of the gateway's own, before any call. */
export const invalid = (message: string, ...field: string[]): UserError => ({
  code: 'INVALID',
  message,
  field: ['input', ...field],
});

/**
 * What Linode's refusal means to the user; at least one error.
 * @param subject the argument that names what may not be found
 * @throws what is no refusal of the request's content
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

/** Linode's `a.b` names a nested field. */
function fieldPath(field: string): string[] | null {
  const ours = own(FIELDS, field.split('.')[0] ?? '');
  return ours === undefined ? null : ['input', ours];
}
