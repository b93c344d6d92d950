import type { Readable } from 'node:stream';

/** A file that is fit to be uploaded. */
export interface Source {
  /** For messages. */
  name: string;
  /** Exact: the storage needs it before the first byte. */
  bytes: number;
  /** Whether it can be read more than once: standard input cannot. */
  isRepeatable: boolean;
  /** Reads it from its beginning. */
  open: () => Readable;
  /** Removes temporary files. */
  dispose: () => Promise<void>;
}

/** What Linode accepts. */
export const MAX_COMPRESSED_BYTES = 5 * 1024 ** 3;
export const MAX_UNCOMPRESSED_BYTES = 6 * 1024 ** 3;

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Whether a file that begins with these bytes is compressed with gzip. */
export const isGzip = (start: Buffer): boolean => start.subarray(0, 2).equals(GZIP_MAGIC);
