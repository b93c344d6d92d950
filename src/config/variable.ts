import type { z } from 'zod';
import type { ValueType } from './valueTypes.js';

export interface Variable<P extends string = string, T = unknown> {
  /** Its name in `Config`. */
  property: P;
  type: string;
  schema: z.ZodType<T, string>;
  /** As the environment would have it; empty when there is none. */
  default: string;
  /** The default with `NODE_ENV=production`, where it is another. */
  productionDefault?: string;
  /** Another name that is read where this one is not set. */
  alternativeName?: string;
  /** A name that is still read where the new one is not set, with a warning. */
  deprecatedName?: string;
  /** Whether its value is never printed. */
  isSecret?: boolean;
  /** Sentences in Markdown. */
  description: string;
}

/** A {@link Variable} of one type. Its property and the type of its value are known to the compiler. */
export const variable = <const P extends string, T>(
  property: P,
  { name, schema }: ValueType<T>,
  byDefault: string,
  description: string,
  options: Pick<Variable, 'productionDefault' | 'alternativeName' | 'deprecatedName' | 'isSecret'> = {},
): Variable<P, T> => ({ property, type: name, schema, default: byDefault, description, ...options });

/** The default as documentation shows it: `true, in production false`. */
export const describeDefault = ({ default: usual, productionDefault }: Variable): string =>
  productionDefault === undefined ? usual : `${usual}, in production ${productionDefault}`;

/** The description with the name that is deprecated, where there is one. */
export const describe = ({ description, deprecatedName }: Variable): string =>
  deprecatedName === undefined
    ? description
    : `${description} (\`${deprecatedName}\`, its former name, is deprecated.)`;
