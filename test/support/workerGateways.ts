import { afterEach, beforeEach } from '@jest/globals';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.js';
import { clusterStack, type ClusterStack } from './cluster.js';

export interface WorkerStack extends ClusterStack {
  /** One for each worker. */
  gateways: [TestGateway, TestGateway];
}

/** A cluster stack and a gateway for each of its workers, started before each test of the calling file. */
export function workerStack(options: Partial<TestGatewayOptions> = {}): WorkerStack {
  const stack = clusterStack() as WorkerStack;
  beforeEach(async () => {
    const { linode, clock, cluster } = stack;
    const gateways = cluster.workers.map(({ catalogs, asker }) =>
      startTestGateway({
        linodeApiUrl: linode.url,
        clock,
        elsewhere: {
          catalogs,
          consume: (request) => asker.askSoon('consume', request),
          metricsText: () => asker.askSoon('metrics', null),
        },
        ...options,
      }),
    );
    stack.gateways = (await Promise.all(gateways)) as WorkerStack['gateways'];
  });
  afterEach(async () => {
    for (const gateway of stack.gateways) await gateway.close();
  });
  return stack;
}
