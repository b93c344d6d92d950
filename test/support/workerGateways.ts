import { afterEach, beforeEach } from '@jest/globals';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.js';
import { clusterHouse, type ClusterHouse } from './cluster.js';

export interface WorkerHouse extends ClusterHouse {
  /** One for each worker. */
  gateways: [TestGateway, TestGateway];
}

/** The workers of a cluster's house with the gateway of each, anew for each test of the file that calls it. */
export function workerHouse(options: Partial<TestGatewayOptions> = {}): WorkerHouse {
  const house = clusterHouse() as WorkerHouse;
  beforeEach(async () => {
    const { linode, clock, cluster } = house;
    const gateways = cluster.workers.map(({ catalogs, asker }) =>
      startTestGateway({
        linodeApiUrl: linode.url,
        clock,
        elsewhere: {
          catalogs,
          consume: (key) => asker.askSoon('consume', { key }),
          metricsText: () => asker.askSoon('metrics', null),
        },
        ...options,
      }),
    );
    house.gateways = (await Promise.all(gateways)) as WorkerHouse['gateways'];
  });
  afterEach(async () => {
    for (const gateway of house.gateways) await gateway.close();
  });
  return house;
}
