import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make every object in the young generation. It otherwise learns at which places of the code objects outlived
 * a collection, as those of an operation under way do, and makes all that follow there in the old generation, where
 * they stay when their operation is over, and hold what is young. (ADR 14) To be called before any work.
 */
export function keepGarbageYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
