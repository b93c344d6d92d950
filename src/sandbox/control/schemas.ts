import { z } from 'zod';
import type { Fault } from '../server/faults.js';

const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);
const MAX_LATENCY_MS = 600_000;
const MAX_ADVANCE_SECONDS = 366 * 24 * 3600;

const regExp = z.string().transform((source, context) => {
  try {
    return new RegExp(source);
  } catch {
    context.addIssue('Must be a regular expression');
    return z.NEVER;
  }
});

const headers = z.record(
  z.string().regex(/^[\w-]+$/, 'Must be a header name'),
  z.string().regex(/^[\t\x20-\x7e]*$/, 'Must be printable ASCII'),
);

/** `POST /_sandbox/faults`: the fields of `Fault` that JSON can express, with `pathPattern` for a RegExp as path. */
export const faultSchema = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
    path: z.string().optional(),
    pathPattern: regExp.optional(),
    token: z.string().nullable().optional(),
    times: wholeNumber(1, 1e9).optional(),
    status: wholeNumber(200, 599).optional(),
    body: z.unknown().optional(),
    headers: headers.optional(),
    latencyMs: wholeNumber(0, MAX_LATENCY_MS).optional(),
    reset: z.enum(['mid-upload', 'before', 'after', 'mid-body']).optional(),
    hang: z.union([z.boolean(), z.enum(['mid-upload', 'after', 'mid-body'])]).optional(),
    truncate: z.boolean().optional(),
    cutJson: z.boolean().optional(),
    html: z.boolean().optional(),
    empty: z.boolean().optional(),
    hugeBytes: wholeNumber(1, 1e9).optional(),
    gzip: z.boolean().optional(),
    rows: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    processed: z.boolean().optional(),
    outcome: z.enum(['failed', 'stuck']).optional(),
    message: z.string().optional(),
  })
  .refine(({ path, pathPattern }) => path === undefined || pathPattern === undefined, {
    path: ['pathPattern'],
    message: 'Must not be combined with path',
  })
  .transform(({ path, pathPattern, ...rest }): Fault => {
    const matcher = path ?? pathPattern;
    return { ...(rest as Fault), ...(matcher !== undefined && { path: matcher }) };
  });

/** `PATCH /_sandbox` */
export const settingsSchema = z.strictObject({
  speed: z.number().min(0.01).max(1000).optional(),
  latencyMs: wholeNumber(0, MAX_LATENCY_MS).optional(),
  /** Calls per minute and caller. */
  rateLimits: z
    .strictObject({ images: wholeNumber(0, 1e9).optional(), general: wholeNumber(0, 1e9).optional() })
    .optional(),
  /** Of the login server, for tokens that it issues from now on. */
  login: z
    .strictObject({
      expiresInSeconds: wholeNumber(1, MAX_ADVANCE_SECONDS).optional(),
      botFilter: z.boolean().optional(),
    })
    .optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** `POST /_sandbox/advance` */
export const advanceSchema = z.strictObject({ seconds: z.number().min(0).max(MAX_ADVANCE_SECONDS) });
