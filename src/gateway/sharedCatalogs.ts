import type { Registry } from 'prom-client';
import { RedisSharing } from '../catalog/sharing/redisSharing.js';
import type { Clock } from '../clock.js';
import type { Caller } from '../linode/caller.js';
import { RedisBudget } from '../linode/client/redisBudget.js';
import type { SharedBudget } from '../linode/client/sharedBudget.js';
import type { GatewayLog } from '../telemetry/log/gatewayLog.js';
import { SharingMetrics } from '../telemetry/metrics/sharingMetrics.js';
import type { SharedRedis } from './options.js';

/** What a process shares with others by Redis. */
export interface Shared {
  sharing: RedisSharing;
  sharedBudget: (caller: Caller) => SharedBudget;
}

/** Observes what is shared by logs and metrics. */
export function createShared(
  { redis, codec }: SharedRedis,
  clock: Clock,
  { registry, log }: { registry: Registry; log: GatewayLog },
  restore: () => Promise<void>,
  onTokenVerdict: ((callerKey: string, isAccepted: boolean) => void) | undefined,
): Shared {
  const sharing: RedisSharing = new RedisSharing({
    redis,
    codec,
    clock,
    restore,
    onAlone: (isAlone) => {
      log.sharing?.({ isAlone, processes: sharing.peers.known });
    },
    onAccepted: (callerKey) => onTokenVerdict?.(callerKey, true),
    onWait: (durationMs) => {
      metrics.wait(durationMs);
    },
  });
  const metrics = new SharingMetrics(registry, () => ({
    isAlone: sharing.peers.aloneSince !== undefined,
    processes: sharing.peers.known,
  }));
  redis.onCommand((durationMs, isSuccess) => {
    metrics.command(durationMs, isSuccess);
  });
  return { sharing, sharedBudget: (caller) => new RedisBudget(redis, sharing.peers, caller) };
}
