import { createHash } from 'node:crypto';
import type { Script } from './redis.js';

/** KEYS: key. ARGV: expected value or '', new value or '', TTL in ms. Stored values are never empty. */
export const COMPARE_AND_SET: Script = {
  lua: `
    if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
    if ARGV[2] == '' then redis.call('DEL', KEYS[1])
    else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
    return 1`,
};

const digests = new WeakMap<Script, string>();

/** The SHA-1 of a script in hex, by which Redis knows it. */
export function digestOf(script: Script): string {
  let digest = digests.get(script);
  if (digest === undefined) {
    digest = createHash('sha1').update(script.lua).digest('hex');
    digests.set(script, digest);
  }
  return digest;
}
