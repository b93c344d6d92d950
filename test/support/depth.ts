import { it } from '@jest/globals';

/** Whether `npm run test:deep` runs, which runs the files that import this module, at their full size. */
export const isDeep = process.env['TEST_DEPTH'] === 'deep';

/** A number of runs or requests: `small` for `npm test`, which takes minutes; `deep` for `npm run test:deep`. */
export const atDepth = (small: number, deep: number): number => (isDeep ? deep : small);

/** A test of `npm run test:deep` alone: one that starts many processes, or installs packages. */
export function itDeep(name: string, test: () => Promise<void>, timeoutMs?: number): void {
  if (isDeep) it(name, test, timeoutMs);
}
