import { isDeepStrictEqual } from 'node:util';
import type { Form } from './form.js';
import { instantiate, takeNumbers, type Operation } from './operation.js';
import type { Workload } from './workloads.js';

/** Enough to meet each kind of operation of a workload twice. */
export const SAMPLES = 20;

export type Verdict =
  | { isRight: true; bodies: string[] }
  /** The first server's schema lacks a requested field. */
  | { isRight: false; isUnknown: true }
  | { isRight: false; isUnknown: false; reason: string };

/**
 * Sends both servers the same operations one after the other, and compares their data.
 * @returns the first server's bodies when all data are equal and free of errors
 */
export async function verify(
  workload: Workload,
  form: Form,
  url: string,
  otherUrl: string,
  samples = SAMPLES,
): Promise<Verdict> {
  const first = takeNumbers(samples);
  const bodies = await executeAll(workload, form, url, first, samples);
  if (bodies.some(isUnknown)) return { isRight: false, isUnknown: true };
  const others = await executeAll(workload, form, otherUrl, first, samples);
  for (const [i, body] of bodies.entries()) {
    const reason = difference(body, others[i] ?? '');
    if (reason !== undefined) {
      return { isRight: false, isUnknown: false, reason: `${workload.name}, operation ${i}: ${reason}` };
    }
  }
  return { isRight: true, bodies };
}

async function executeAll(
  workload: Workload,
  form: Form,
  url: string,
  first: number,
  samples: number,
): Promise<string[]> {
  const bodies: string[] = [];
  for (let i = 0; i < samples; i++) {
    const operation = workload.cycle[i % workload.cycle.length];
    if (operation) bodies.push(await execute(url, operation, form, first + i));
  }
  return bodies;
}

async function execute(url: string, operation: Operation, form: Form, number: number): Promise<string> {
  const response = await fetch(url, { method: 'POST', ...instantiate(operation, form, number) });
  return response.text();
}

interface GraphQLResponse {
  data?: unknown;
  errors?: { extensions?: { code?: string } }[];
}

const isUnknown = (body: string): boolean =>
  (JSON.parse(body) as GraphQLResponse).errors?.[0]?.extensions?.code === 'GRAPHQL_VALIDATION_FAILED';

function difference(body: string, otherBody: string): string | undefined {
  const response = JSON.parse(body) as GraphQLResponse;
  const other = JSON.parse(otherBody) as GraphQLResponse;
  if (response.errors) return `errors ${JSON.stringify(response.errors)}`;
  if (other.errors) return `errors ${JSON.stringify(other.errors)} of the other`;
  if (!isDeepStrictEqual(response.data, other.data)) return `${excerpt(body)} is not ${excerpt(otherBody)}`;
  return undefined;
}

const excerpt = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
