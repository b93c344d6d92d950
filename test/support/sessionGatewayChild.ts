import { systemClock } from '../../src/clock.js';
import { readConfig } from '../../src/config/readConfig.js';
import { startGateway } from '../../src/gateway/gateway.js';
import { catalogsSettings, protectionOf } from '../../src/process/gatewayOptions.js';
import { connectRedis } from '../../src/redis/connect.js';
import { SANDBOX_CLIENT } from '../../src/sandbox/sandbox.js';
import { RedisSessionStore } from '../../src/sessions/redisStore.js';

/** A gateway in a process of its own, whose sessions are in Redis. Prints its URL. */
async function main([linodeApiUrl = '', redisUrl = '', secret = '']: string[]): Promise<void> {
  const config = readConfig({});
  const ignore = (): void => undefined;
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    linodeApiUrl: new URL(linodeApiUrl),
    schemaDirectory: 'schema',
    introspection: true,
    explain: false,
    settings: catalogsSettings(config),
    protection: protectionOf(config),
    clock: systemClock,
    awaitsUpstream: false,
    sessions: {
      clientId: SANDBOX_CLIENT.id,
      clientSecret: SANDBOX_CLIENT.secret,
      loginUrl: new URL(new URL(linodeApiUrl).origin),
      scopes: config.sessions.scopes,
      publicUrl: new URL('http://localhost:4000'),
      secrets: [secret],
      origins: [],
      lifetimes: { idleMs: 3_600_000, maxMs: 3_600_000 },
      store: new RedisSessionStore(await connectRedis({ url: redisUrl, clock: systemClock })),
    },
    log: {
      operation: ignore,
      prepareReplay: () => ignore,
      upstreamCall: ignore,
      upstreamProblem: ignore,
      sessionProblem: (problem) => console.error(problem),
      request: ignore,
      internalError: (error) => console.error(error),
    },
  });
  console.log(gateway.url);
}

void main(process.argv.slice(2));
