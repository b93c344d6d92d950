/** The maximum size of variables. */
export interface VariableLimits {
  maxDepth: number;
  maxValues: number;
}

/**
 * The depth of a request's variables and the number of their values; stops beyond a limit. Not recursive, since
 * the depth is unlimited before.
 */
export function measureVariables(
  variables: unknown,
  { maxDepth, maxValues }: VariableLimits,
): { depth: number; values: number } {
  let depth = 0;
  let values = 0;
  let level: unknown[] = variables === undefined ? [] : [variables];
  while (level.length > 0 && depth <= maxDepth && values <= maxValues) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) values++;
      else for (const child of Object.values(value)) next.push(child);
    }
    if (next.length > 0) depth++;
    level = next;
  }
  return { depth, values };
}
