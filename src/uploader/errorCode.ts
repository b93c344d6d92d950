/** The code of a system error (`ENOENT`), of zlib (`Z_DATA_ERROR`) or of undici (`UND_ERR_…`); empty without one. */
export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
