import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

interface Key {
  /** Tells which key sealed a text; reveals nothing of it. */
  id: string;
  bytes: Buffer;
}

/**
 * Encrypts and authenticates texts with AES-256-GCM. The first secret seals, all of them open: to replace a secret,
 * put a new one in front and remove the old one when nothing that it sealed matters any more.
 */
export class Sealer {
  readonly #keys: readonly [Key, ...Key[]];

  /** @param secrets of at least 32 characters each */
  constructor(secrets: readonly string[]) {
    const [first, ...others] = secrets.map(keyOf);
    if (!first) throw new Error('At least one secret is needed');
    this.#keys = [first, ...others];
  }

  /** @param context what the text belongs to: it opens with the same one only */
  seal(text: string, context: string): string {
    const [{ id, bytes }] = this.#keys;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv);
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${VERSION}.${id}.${sealed.toString('base64url')}`;
  }

  /** Undefined for what no current secret has sealed in this context, and for what was changed since. */
  open(sealed: string, context: string): string | undefined {
    const [version, id, content = ''] = sealed.split('.');
    const key = version === VERSION ? this.#keys.find((each) => each.id === id) : undefined;
    const bytes = Buffer.from(content, 'base64url');
    if (!key || bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return (
        decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      return undefined;
    }
  }
}

function keyOf(secret: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'linode-images gateway sessions', KEY_BYTES));
  return { id: createHash('sha256').update('key id ').update(bytes).digest('hex').slice(0, 8), bytes };
}
