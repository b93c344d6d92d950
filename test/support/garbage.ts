import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Resolves when nothing holds what the reference points to, and rejects when something goes on holding it. */
export async function untilCollected(reference: WeakRef<object>): Promise<void> {
  for (let collections = 0; collections < 50; collections++) {
    // A reference holds what it was asked for until the present turn has ended.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    if (!reference.deref()) return;
  }
  throw new Error('It is held');
}
