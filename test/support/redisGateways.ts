import { systemClock } from '../../src/clock.js';
import { Codec } from '../../src/redis/codec.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.js';
import { startRedis, type TestRedis } from './redis.js';

/** Gateways that share a Redis, in front of one sandbox. */
export interface RedisGateways {
  server: TestRedis;
  linode: Sandbox;
  gateways: TestGateway[];
  close(): Promise<void>;
}

/** Starts `count` gateways in this process, each with connections, leases and memory of its own. */
export async function startRedisGateways(
  count: number,
  options: {
    sandbox?: SandboxOptions;
    gateway?: Partial<TestGatewayOptions>;
    redisArgs?: string[];
    timeoutMs?: number;
  } = {},
): Promise<RedisGateways> {
  const server = await startRedis(options.redisArgs);
  const linode = await startSandbox({ ...options.sandbox });
  const gateways = await Promise.all(
    Array.from({ length: count }, async () =>
      startTestGateway({
        linodeApiUrl: linode.url,
        clock: systemClock,
        redis: { redis: await server.connect(options.timeoutMs ?? 5000), codec: new Codec() },
        ...options.gateway,
      }),
    ),
  );
  return {
    server,
    linode,
    gateways,
    async close() {
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await linode.close();
    },
  };
}
