import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import * as formats from 'ajv-formats';
import { parse } from 'yaml';

type Schema = { [key: string]: unknown };

export interface OpenApi {
  /** The errors of a 200's body against what the document promises for that call; empty if it keeps it. */
  errorsOf(method: string, path: string, body: unknown): string[];
}

/**
 * Reads an OpenAPI 3.0 document into a validator of responses. `correct` fixes the document's known errors first.
 * Throws if the file can't be read.
 */
export function loadOpenApi<Document extends object>(
  file: string,
  correct: (document: Document) => void,
): OpenApi {
  const document = parse(readFileSync(file, 'utf8')) as Document;
  correct(document);
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  // Linode's dates carry no zone, which `date-time` demands.
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$/);
  ajv.addSchema(toJsonSchema(document) as Schema, 'openapi');
  const compiled = new Map<string, ValidateFunction>();

  return {
    errorsOf: (method, path, body) => {
      const key = `${method} ${path}`;
      const validate = compiled.get(key) ?? ajv.compile({ $ref: `openapi#${pointerTo(method, path)}` });
      compiled.set(key, validate);
      if (validate(body)) return [];
      return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    },
  };
}

function pointerTo(method: string, path: string): string {
  const steps = [
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    '200',
    'content',
    'application/json',
    'schema',
  ];
  return steps
    .map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}

/** `nullable` is OpenAPI's own word: in JSON Schema null is one more type. Examples are no part of a schema. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...schema } = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'example')
      .map(([key, each]) => [key, toJsonSchema(each)]),
  );
  if (nullable !== true) return schema;
  if ('$ref' in schema || !('type' in schema)) return { anyOf: [schema, { type: 'null' }] };
  const withNull = { ...schema, type: [schema['type'], 'null'] };
  return Array.isArray(schema['enum']) ? { ...withNull, enum: [...schema['enum'], null] } : withNull;
}

/** The package is CommonJS whose default export is the function, seen differently by the two module systems. */
function addFormats(ajv: Ajv): void {
  const { default: add } = formats as unknown as {
    default: ((ajv: Ajv) => void) | { default: (ajv: Ajv) => void };
  };
  (typeof add === 'function' ? add : add.default)(ajv);
}
