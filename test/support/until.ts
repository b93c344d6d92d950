const DEADLINE_MS = 10_000;
/** Turns of the event loop before it polls every millisecond: most conditions hold after a few. */
const QUICK_TURNS = 2000;

/**
 * Waits until the condition holds, by real time, whatever clock a test moves.
 * @param what is awaited, for the error
 * @throws {Error} after ten seconds
 */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (let turn = 0; !(await condition()); turn++) {
    if (performance.now() > deadline) throw new Error(`Waited ${DEADLINE_MS / 1000} s for ${what}`);
    await new Promise<void>((resolve) => {
      if (turn < QUICK_TURNS) setImmediate(resolve);
      else setTimeout(resolve, 1);
    });
  }
}
