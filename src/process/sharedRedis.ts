import { systemClock } from '../clock.js';
import type { Config } from '../config/variables.js';
import type { SharedRedis } from '../gateway/options.js';

/** Connects to the Redis that is configured. Its client is loaded only then. */
export async function connectSharedRedis({ sharing }: Config): Promise<SharedRedis | undefined> {
  if (sharing.redisUrl === null) return undefined;
  const [{ connectRedis }, { Codec }] = await Promise.all([
    import('../redis/connect.js'),
    import('../redis/codec.js'),
  ]);
  const redis = await connectRedis({
    url: sharing.redisUrl,
    clock: systemClock,
    timeoutMs: sharing.redisTimeoutMs,
  });
  return { redis, codec: new Codec(sharing.encryptionKeys) };
}
