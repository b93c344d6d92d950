/** One GraphQL request of a workload. */
export interface Question {
  /** Null asks anonymously. */
  token: string | null;
  /** The JSON text to post. `RUNNING_NUMBER` in it stands for a number that is never used again. */
  body: string;
}

export const RUNNING_NUMBER = '@N@';

let next = 1_000_000_000;

/** The first of `count` running numbers that nobody had before; each has ten digits. */
export function takeNumbers(count: number): number {
  const first = next;
  next += count;
  return first;
}

export const question = (token: string | null, query: string, variables?: object): Question => ({
  token,
  body: JSON.stringify({ query, variables }),
});

export const isNumbered = ({ body }: Question): boolean => body.includes(RUNNING_NUMBER);

export const bodyOf = ({ body }: Question, number: number): string =>
  body.replaceAll(RUNNING_NUMBER, String(number));

export const headersOf = ({ token }: Question): Record<string, string> => ({
  'Content-Type': 'application/json',
  ...(token !== null && { Authorization: `Bearer ${token}` }),
});
