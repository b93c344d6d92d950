export interface ApiResponse {
  status: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}

export interface ErrorEntry {
  reason: string;
  field?: string;
}

/** An error of the API: `status` with `{ errors: [{ reason, field? }] }`. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: ErrorEntry[];

  constructor(status: number, errors: ErrorEntry[]) {
    super(errors.map((error) => error.reason).join('; '));
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
  }
}

export function ok(body: unknown): ApiResponse {
  return { status: 200, body: JSON.stringify(body) };
}

export function errorResponse(status: number, errors: ErrorEntry[]): ApiResponse {
  return { status, body: JSON.stringify({ errors }) };
}

export function fail(status: number, reason: string, field?: string): never {
  throw new ApiError(status, [field === undefined ? { reason } : { reason, field }]);
}

export function notFound(): never {
  return fail(404, 'Not found');
}

export function unauthorized(): never {
  return fail(403, 'Unauthorized');
}
