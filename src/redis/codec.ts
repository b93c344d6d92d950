import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';

/** The first byte of every value. Values of another version count as missing. */
const VERSION = 1;
const COMPRESSED = 1;
const ENCRYPTED = 2;
/** Smaller values hardly become smaller. */
const MIN_COMPRESSED_BYTES = 1024;
/** Larger values are not decompressed: no list of images is. */
const MAX_BYTES = 64 * 1024 * 1024;
const IV_BYTES = 12;
/** Of AES-GCM's tag, and of the digest of what is not encrypted. */
const TAG_BYTES = 16;
const HEAD_BYTES = 2;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/**
 * Encodes values for Redis: a version byte, flags, then the value, compressed and encrypted (AES-256-GCM) or at least
 * with a digest. A value is bound to its name: under another one it does not decode.
 */
export class Codec {
  /** @param keys of 32 bytes: the first encrypts, all decrypt; none leaves values unencrypted */
  constructor(private readonly keys: readonly Buffer[] = []) {}

  async encode(value: Buffer, name: string): Promise<Buffer> {
    const isCompressed = value.length >= MIN_COMPRESSED_BYTES;
    const payload = isCompressed ? await deflate(value, { level: constants.Z_BEST_SPEED }) : value;
    const [key] = this.keys;
    const head = Buffer.from([VERSION, (isCompressed ? COMPRESSED : 0) | (key ? ENCRYPTED : 0)]);
    return Buffer.concat([head, ...(key ? encrypt(key, head, name, payload) : sign(head, name, payload))]);
  }

  /** Null for a value that cannot be decoded: of another version, name or key, damaged, or not ours. */
  async decode(encoded: Buffer, name: string): Promise<Buffer | null> {
    const head = encoded.subarray(0, HEAD_BYTES);
    const [version, flags = 0] = head;
    // With a key it accepts nothing that anybody could have written.
    if (version !== VERSION || Boolean(flags & ENCRYPTED) !== this.keys.length > 0) return null;
    const body = encoded.subarray(HEAD_BYTES);
    const payload = this.keys.length > 0 ? this.#decrypt(body, head, name) : verify(body, head, name);
    if (payload === null || !(flags & COMPRESSED)) return payload;
    return inflate(payload, { maxOutputLength: MAX_BYTES }).catch(() => null);
  }

  #decrypt(body: Buffer, head: Buffer, name: string): Buffer | null {
    for (const key of this.keys) {
      try {
        return decrypt(key, head, name, body);
      } catch {
        // Perhaps another key's.
      }
    }
    return null;
  }
}

const context = (head: Buffer, name: string): Buffer => Buffer.concat([head, Buffer.from(name)]);

function encrypt(key: Buffer, head: Buffer, name: string, payload: Buffer): Buffer[] {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(context(head, name));
  const text = [cipher.update(payload), cipher.final()];
  return [iv, cipher.getAuthTag(), ...text];
}

function decrypt(key: Buffer, head: Buffer, name: string, body: Buffer): Buffer {
  const textAt = IV_BYTES + TAG_BYTES;
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, IV_BYTES), options);
  decipher.setAAD(context(head, name)).setAuthTag(body.subarray(IV_BYTES, textAt));
  return Buffer.concat([decipher.update(body.subarray(textAt)), decipher.final()]);
}

const digest = (head: Buffer, name: string, payload: Buffer): Buffer =>
  createHash('sha256')
    .update(context(head, name))
    .update('\0')
    .update(payload)
    .digest()
    .subarray(0, TAG_BYTES);

const sign = (head: Buffer, name: string, payload: Buffer): Buffer[] => [
  digest(head, name, payload),
  payload,
];

function verify(body: Buffer, head: Buffer, name: string): Buffer | null {
  const payload = body.subarray(TAG_BYTES);
  return digest(head, name, payload).equals(body.subarray(0, TAG_BYTES)) ? payload : null;
}
