import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/readConfig.js';
import { startStack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

const statusOf = async (url: URL): Promise<number> => (await fetch(url)).status;

describe('the admin port', () => {
  it('serves health checks and metrics, as the main port does, and nothing else', async () => {
    const { gateway } = await startStack({ gateway: { adminPort: 0 } });
    const admin = gateway.adminUrl ?? '';
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect(await statusOf(new URL(path, admin))).toBe(200);
      expect(await statusOf(new URL(path, gateway.url))).toBe(200);
    }
    for (const path of ['/graphql', '/graphql?query={__typename}', '/', '/admin']) {
      expect(await statusOf(new URL(path, admin))).toBe(404);
    }
    expect(await (await fetch(new URL('/metrics', admin))).text()).toContain('gateway_build_info');
  });

  it('reports a drain, and closes with the gateway although a connection is idle', async () => {
    const { gateway } = await startStack({ gateway: { adminPort: 0 } });
    const admin = new URL(gateway.adminUrl ?? '');
    const idle = connect(Number(admin.port), '127.0.0.1');
    sockets.push(idle);
    await new Promise((resolve) => idle.once('connect', resolve));
    gateway.unready();
    const ready = await fetch(new URL('/health/ready', admin));
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', reason: 'draining' }]);
    expect(await statusOf(new URL('/health/live', admin))).toBe(200);
    await gateway.close();
    await until(() => idle.closed, 'the end of the idle connection');
    await expect(fetch(new URL('/health/live', admin))).rejects.toThrow();
  });

  it('is off unless it is set', async () => {
    const { gateway } = await startStack();
    expect(gateway.adminUrl).toBeNull();
    expect(readConfig({}).server.adminPort).toBeNull();
    expect(readConfig({ ADMIN_PORT: '9090' }).server.adminPort).toBe(9090);
    expect(() => readConfig({ ADMIN_PORT: 'x' })).toThrow(/^ADMIN_PORT must be/);
  });
});
