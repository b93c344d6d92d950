/** How deep a request's variables are, and how many values they hold. Walks without recursion: they may be any depth. */
export function measureVariables(variables: unknown): { depth: number; values: number } {
  let depth = 0;
  let values = 0;
  let level: unknown[] = variables === undefined ? [] : [variables];
  while (level.length > 0) {
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
