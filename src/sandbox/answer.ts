export interface Answer {
  status: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}

export interface ApiError {
  reason: string;
  field?: string;
}

/** The API says no: `status` with `{ errors: [{ reason, field? }] }`. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: ApiError[];

  constructor(status: number, errors: ApiError[]) {
    super(errors.map((error) => error.reason).join('; '));
    this.name = 'Refusal';
    this.status = status;
    this.errors = errors;
  }
}

export function ok(body: unknown): Answer {
  return { status: 200, body: JSON.stringify(body) };
}

export function errorAnswer(status: number, errors: ApiError[]): Answer {
  return { status, body: JSON.stringify({ errors }) };
}

export function refuse(status: number, reason: string, field?: string): never {
  throw new Refusal(status, [field === undefined ? { reason } : { reason, field }]);
}

export function notFound(): never {
  return refuse(404, 'Not found');
}

export function unauthorized(): never {
  return refuse(403, 'Unauthorized');
}
