import { LinodeRefused } from '../linode/errors.js';

/** The response, or null if Linode responds with 404. */
export async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof LinodeRefused && error.status === 404) return null;
    throw error;
  }
}
