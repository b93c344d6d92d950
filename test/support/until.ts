/** Turns of the event loop before it polls every millisecond: most conditions hold after a few. */
const QUICK_TURNS = 2000;

/**
 * Waits until the condition holds, by real time, whatever clock a test moves.
 * @param what is awaited, for the error
 * @throws {Error} after `timeoutMs`
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (let turn = 0; !(await condition()); turn++) {
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}`);
    await new Promise<void>((resolve) => {
      if (turn < QUICK_TURNS) setImmediate(resolve);
      else setTimeout(resolve, 1);
    });
  }
}
