import { bodyOf, headersOf, isNumbered, type Question } from '../question.js';
import { requestText } from './connection.js';

/** The requests of a workload in turn, ready to travel; those without a running number are written once. */
export function createRequests(
  url: URL,
  cycle: readonly Question[],
  firstNumber: number,
): () => string | Buffer {
  const write = (question: Question, number: number) =>
    requestText(url, 'POST', headersOf(question), bodyOf(question, number));
  const written = cycle.map((question) =>
    isNumbered(question) ? undefined : Buffer.from(write(question, 0)),
  );
  let count = 0;
  return () => {
    const i = count % cycle.length;
    const number = firstNumber + count++;
    return written[i] ?? write(cycle[i] as Question, number);
  };
}
