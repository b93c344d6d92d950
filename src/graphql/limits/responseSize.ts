import { OperationTypeNode } from 'graphql';
import type { ErrorExtensions } from '../errors/formatError.js';
import type { Hooks } from '../plugins/hooks.js';

/**
 * Replaces a response that would be larger than the maximum by an error, before it is serialized.
 * @param sizeOf the bytes of a result as JSON; it may stop beyond `maxBytes`
 */
export const responseSizeHooks = (
  maxBytes: number,
  sizeOf: (result: object, maxBytes: number) => number,
): Hooks => ({
  willSendResponse({ response: { body }, operation }) {
    if (body.kind !== 'single' || sizeOf(body.singleResult, maxBytes) <= maxBytes) return;
    const extensions: ErrorExtensions = {
      code: 'RESPONSE_TOO_LARGE',
      limit: 'response bytes',
      maximum: maxBytes,
      // It was carried out, and its result is lost.
      ...(operation?.operation === OperationTypeNode.MUTATION && { outcome: 'unknown' }),
    };
    const message = `The limit of response bytes is ${maxBytes}; select fewer fields or smaller pages`;
    body.singleResult = { errors: [{ message, extensions }], data: null };
  },
});
