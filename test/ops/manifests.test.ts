import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments, parse } from 'yaml';
import { readConfig } from '../../src/config/readConfig.js';
import { VARIABLES } from '../../src/config/variables.js';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { PACKAGE } from '../support/gateway.js';

interface Probe {
  httpGet: { path: string; port: string };
}
interface Container {
  image: string;
  ports: { name: string; containerPort: number }[];
  env: { name: string; value: string }[];
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
  securityContext: object;
}
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    selector: { matchLabels?: Record<string, string>; [label: string]: unknown };
    template: {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
      spec: { terminationGracePeriodSeconds: number; securityContext: object; containers: Container[] };
    };
  };
}
interface Ingress {
  tls?: { hosts: string[]; secretName: string }[];
  rules: { host: string }[];
}
interface Compose {
  services: Record<
    string,
    {
      ports?: string[];
      command?: string[];
      environment: Record<string, string>;
      depends_on?: Record<string, unknown>;
      stop_grace_period?: string;
    }
  >;
}

const FOLDER = join(PACKAGE, 'ops', 'kubernetes');
const read = (path: string) => readFileSync(join(PACKAGE, path), 'utf8');
const manifests = readdirSync(FOLDER).flatMap((file) =>
  parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  }),
);
const kind = (name: string): Manifest => {
  const found = manifests.find((manifest) => manifest.kind === name);
  if (!found) throw new Error(`There is no ${name}`);
  return found;
};
const { version } = JSON.parse(read('package.json')) as { version: string };

describe('the Kubernetes manifests', () => {
  const pod = kind('Deployment').spec.template.spec;
  const [gateway] = pod.containers;
  if (!gateway) throw new Error('There is no container');
  const env = Object.fromEntries(gateway.env.map(({ name, value }) => [name, value]));

  it('name kind, version and name each', () => {
    for (const { apiVersion, kind, metadata } of manifests) {
      expect([apiVersion, kind, metadata.name]).toEqual([
        expect.any(String),
        expect.any(String),
        'linode-images-graphql',
      ]);
    }
  });

  it('set variables that exist, to values that start', () => {
    expect(Object.keys(env).filter((name) => !(name in VARIABLES))).toEqual([]);
    expect(() => readConfig({ NODE_ENV: 'production', ...env })).not.toThrow();
  });

  it('give the gateway longer to end than it takes', () => {
    const { drainTimeoutMs } = readConfig({ NODE_ENV: 'production', ...env }).shutdown;
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(drainTimeoutMs);
  });

  it('probe existing paths, and liveness apart from readiness', () => {
    expect(gateway.startupProbe.httpGet).toEqual({ path: '/health/live', port: 'admin' });
    expect(gateway.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'admin' });
    expect(gateway.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'admin' });
    const { adminPort } = readConfig({ NODE_ENV: 'production', ...env }).server;
    expect(gateway.ports).toEqual([
      { name: 'http', containerPort: 4000 },
      { name: 'admin', containerPort: adminPort },
    ]);
    const { annotations } = kind('Deployment').spec.template.metadata;
    expect(annotations['prometheus.io/port']).toBe(String(adminPort));
    expect(kind('Service').spec).toMatchObject({ ports: [{ targetPort: 'http' }] });
  });

  it('run unprivileged, on a read-only file system', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(gateway.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    });
  });

  it('select the pods that the deployment makes', () => {
    const { labels } = kind('Deployment').spec.template.metadata;
    expect(kind('Deployment').spec.selector.matchLabels).toEqual(labels);
    expect(kind('PodDisruptionBudget').spec.selector.matchLabels).toEqual(labels);
    expect(kind('Service').spec.selector).toEqual(labels);
  });

  it('take callers’ tokens over TLS alone', () => {
    const { tls = [], rules } = kind('Ingress').spec as unknown as Ingress;
    expect(tls.flatMap(({ hosts }) => hosts)).toEqual(rules.map(({ host }) => host));
    for (const { secretName } of tls) expect(secretName).not.toBe('');
  });

  it('run the version of this package', () => {
    expect(gateway.image).toBe(`linode-images-graphql:${version}`);
  });
});

describe('compose.yaml', () => {
  const { services } = parse(read('compose.yaml')) as Compose;

  it('sets variables that exist, to values that start in production', () => {
    const { environment = {} } = services['gateway'] ?? {};
    expect(Object.keys(environment).filter((name) => !(name in VARIABLES))).toEqual([]);
    const { linodeApiUrl } = readConfig({ NODE_ENV: 'production', ...environment }).upstream;
    expect(linodeApiUrl?.hostname).toBe('sandbox');
    expect(linodeApiUrl?.port).toBe(services['sandbox']?.environment['SANDBOX_PORT']);
  });

  it('publishes the port of clients alone', () => {
    const { environment = {}, ports } = services['gateway'] ?? {};
    expect(environment['ADMIN_PORT']).toMatch(/^\d+$/);
    expect(ports).toEqual(['127.0.0.1:4000:4000']);
  });

  it('lets the host reach where the sandbox says that uploads go', async () => {
    const { environment = {}, ports } = services['sandbox'] ?? {};
    const port = environment['SANDBOX_PORT'] ?? '';
    expect(ports).toEqual([`127.0.0.1:${port}:${port}`]);
    const sandbox = await startSandbox({ host: environment['HOST'] ?? '' });
    expect(new URL(sandbox.origin).hostname).toBe('127.0.0.1');
    await sandbox.close();
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('begins with one version of Node throughout', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:\d+\.\d+\.\d+-slim$/);
  });

  it('runs the gateway in production, not as root, with a check of its health', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^ENV NODE_ENV=production/m);
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toMatch(/^ENV .* ADMIN_PORT=\d+$/m);
    expect(last).toMatch(/process\.env\.ADMIN_PORT}\/health\/live/);
    expect(last).toMatch(/^EXPOSE 4000$/m);
    expect(last).toMatch(/^CMD \["node", "dist\/main.js"\]$/m);
  });

  it('is given every file that its build reads', () => {
    const kept = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const build = read('scripts/build.mjs');
    const sources = [...build.matchAll(/sources: \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/'([^']+)'/g)].map(([, path]) => path),
    );
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((path) => !kept.includes(path ?? ''))).toEqual([]);
  });
});

describe('the version', () => {
  it('is the same in package.json and in the code', async () => {
    const { VERSION } = await import('../../src/version.js');
    expect(VERSION).toBe(version);
  });
});
