import { isDeepStrictEqual } from 'node:util';
import type { Form } from './form.js';
import { instantiate, takeNumbers, type Question } from './question.js';
import type { Workload } from './workloads.js';

/** As many as it takes to meet each kind of question of a workload. */
export const QUESTIONS = 20;

export type Verdict =
  | { isRight: true; bodies: string[] }
  /** The first server's schema does not know what is asked. */
  | { isRight: false; isUnknown: true }
  | { isRight: false; isUnknown: false; reason: string };

/**
 * Asks both servers the same questions one after the other, and compares what they answer.
 * @returns the first server's bodies when all data are equal and free of errors
 */
export async function verify(
  workload: Workload,
  form: Form,
  url: string,
  otherUrl: string,
): Promise<Verdict> {
  const first = takeNumbers(QUESTIONS);
  const bodies = await askAll(workload, form, url, first);
  if (bodies.some(isUnknown)) return { isRight: false, isUnknown: true };
  const others = await askAll(workload, form, otherUrl, first);
  for (const [i, body] of bodies.entries()) {
    const reason = difference(body, others[i] ?? '');
    if (reason !== undefined) {
      return { isRight: false, isUnknown: false, reason: `${workload.name}, question ${i}: ${reason}` };
    }
  }
  return { isRight: true, bodies };
}

async function askAll(workload: Workload, form: Form, url: string, first: number): Promise<string[]> {
  const bodies: string[] = [];
  for (let i = 0; i < QUESTIONS; i++) {
    const question = workload.cycle[i % workload.cycle.length];
    if (question) bodies.push(await ask(url, question, form, first + i));
  }
  return bodies;
}

async function ask(url: string, question: Question, form: Form, number: number): Promise<string> {
  const response = await fetch(url, { method: 'POST', ...instantiate(question, form, number) });
  return response.text();
}

interface Answer {
  data?: unknown;
  errors?: { extensions?: { code?: string } }[];
}

const isUnknown = (body: string): boolean =>
  (JSON.parse(body) as Answer).errors?.[0]?.extensions?.code === 'GRAPHQL_VALIDATION_FAILED';

function difference(body: string, otherBody: string): string | undefined {
  const answer = JSON.parse(body) as Answer;
  const other = JSON.parse(otherBody) as Answer;
  if (answer.errors) return `errors ${JSON.stringify(answer.errors)}`;
  if (other.errors) return `errors ${JSON.stringify(other.errors)} of the other`;
  if (!isDeepStrictEqual(answer.data, other.data)) return `${excerpt(body)} is not ${excerpt(otherBody)}`;
  return undefined;
}

const excerpt = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
