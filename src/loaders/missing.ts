import { LinodeRefused } from '../linode/errors.js';

/** Null where Linode says that there is none. */
export async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof LinodeRefused && error.status === 404) return null;
    throw error;
  }
}
