import { hash } from 'node:crypto';
import zlib, { constants } from 'node:zlib';
import type { Coding } from './acceptEncoding.js';

/** Compressing less takes less time than handing the work to another thread. */
const MAX_SYNC_BYTES = 64 * 1024;

type Callback = (error: Error | null, result: Buffer) => void;
interface Codec {
  sync: (body: Buffer) => Buffer;
  async: (body: Buffer, callback: Callback) => void;
}

/** At these levels compressing takes about as long as serializing did; the best ones take a hundred times as long. */
const GZIP = { level: 1 };
/** The default window of 4 MB costs more time to allocate than it saves bytes. */
const brotli = ({ length }: Buffer) => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_LGWIN]: 18,
    [constants.BROTLI_PARAM_SIZE_HINT]: length,
  },
});
/** The types are those of Node 20, which has no zstd. */
const zstd = zlib as unknown as { zstdCompressSync: Codec['sync']; zstdCompress: Codec['async'] };

const CODECS: Readonly<Record<Coding, Codec>> = {
  br: {
    sync: (body) => zlib.brotliCompressSync(body, brotli(body)),
    async: (body, callback) => {
      zlib.brotliCompress(body, brotli(body), callback);
    },
  },
  gzip: {
    sync: (body) => zlib.gzipSync(body, GZIP),
    async: (body, callback) => {
      zlib.gzip(body, GZIP, callback);
    },
  },
  zstd: {
    sync: (body) => zstd.zstdCompressSync(body),
    async: (body, callback) => {
      zstd.zstdCompress(body, callback);
    },
  },
};

/** A whole body, with the encoded forms that were asked for: each is made once. */
export class EncodedBody {
  /** Called when an encoded form is there: from now on the body takes more memory. */
  onEncoded: (() => void) | undefined;
  #forms: Partial<Record<Coding, Buffer | Promise<Buffer>>> | undefined;
  #hash: string | undefined;
  #byteLength: number;

  constructor(readonly identity: Buffer) {
    this.#byteLength = identity.length;
  }

  /** Of all forms together. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** A promise where the body is large and its form is not there yet. */
  in(coding: Coding): Buffer | Promise<Buffer> {
    const forms = (this.#forms ??= {});
    return (forms[coding] ??= this.#encode(coding));
  }

  /** A strong entity tag, another one for each coding. */
  etag(coding: Coding | undefined): string {
    this.#hash ??= hash('sha256', this.identity, 'base64url').slice(0, 27);
    return coding === undefined ? `"${this.#hash}"` : `"${this.#hash}-${coding}"`;
  }

  #encode(coding: Coding): Buffer | Promise<Buffer> {
    const { sync, async } = CODECS[coding];
    if (this.identity.length < MAX_SYNC_BYTES) return this.#add(coding, sync(this.identity));
    return new Promise((resolve, reject) => {
      async(this.identity, (error, result) => {
        if (error) reject(error);
        else resolve(this.#add(coding, result));
      });
    });
  }

  #add(coding: Coding, form: Buffer): Buffer {
    (this.#forms ??= {})[coding] = form;
    this.#byteLength += form.length;
    this.onEncoded?.();
    return form;
  }
}
