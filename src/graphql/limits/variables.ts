/** How much variables may hold. */
export interface VariableLimits {
  maxDepth: number;
  maxValues: number;
}

/**
 * How deep a request's variables are, and how many values they hold; it stops where a limit is passed. It walks
 * without recursion, for they may be of any depth.
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
