import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Resolves once the reference's target is collected; rejects when something retains it. */
export async function untilCollected(reference: WeakRef<object>): Promise<void> {
  for (let collections = 0; collections < 50; collections++) {
    // deref() keeps its target alive until the current turn ends.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    if (!reference.deref()) return;
  }
  throw new Error('It is held');
}
