import type { Form } from '../form.js';
import { addressOf, CLIENT_ADDRESS, headersOf, RUNNING_NUMBER, type Operation } from '../operation.js';
import { requestText } from './connection.js';

/** The requests of a workload in turn, ready to send; those that never change are written once. */
export function createRequests(
  url: URL,
  cycle: readonly Operation[],
  form: Form,
  firstNumber: number,
): () => string | Buffer {
  const templates = new Map<Operation, Buffer | string[]>();
  for (const operation of cycle) {
    const pieces = requestPieces(url, operation, form);
    templates.set(operation, isConstant(pieces) ? Buffer.from(pieces.join('')) : pieces);
  }
  let count = 0;
  return () => {
    const template = templates.get(cycle[count % cycle.length] as Operation) ?? [];
    const number = firstNumber + count++;
    return Array.isArray(template) ? join(template, String(number), addressOf(number)) : template;
  };
}

const PLACEHOLDERS = new RegExp(`(${RUNNING_NUMBER}|${CLIENT_ADDRESS})`);

/** The text of a request, cut at its placeholders, which are pieces of their own. */
export const requestPieces = (url: URL, { token, body }: Operation, form: Form): string[] =>
  requestText(url, 'POST', headersOf(token, form), body).split(PLACEHOLDERS);

/** Whether no piece is a placeholder. */
export const isConstant = (pieces: readonly string[]): boolean => pieces.length === 1;

function join(pieces: readonly string[], number: string, address: string): string {
  let text = '';
  for (const piece of pieces) {
    if (piece === RUNNING_NUMBER) text += number;
    else text += piece === CLIENT_ADDRESS ? address : piece;
  }
  return text;
}
