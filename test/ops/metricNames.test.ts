import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { systemClock } from '../../src/clock.js';
import { Codec } from '../../src/redis/codec.js';
import { connectRedis } from '../../src/redis/connect.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { subscribe } from '../support/subscriber.js';
import { until } from '../support/until.js';
import { PACKAGE, startTestGateway, type TestGateway } from '../support/gateway.js';

interface AlertRules {
  groups: {
    rules: { alert: string; expr: string; annotations: { summary: string; runbook_url: string } }[];
  }[];
}
interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { query: string | { query: string } }[] };
}

const read = (path: string) => readFileSync(join(PACKAGE, path), 'utf8');
const rules = (parse(read('ops/prometheus/alerts.yaml')) as AlertRules).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(read('ops/grafana/dashboard.json')) as Dashboard;
const runbook = read('docs/runbook.md');

const METRIC = /\b(?:gateway|nodejs|process)_\w+/g;
const metricsIn = (expressions: string[]) =>
  expressions.flatMap((expression) => expression.match(METRIC) ?? []);

let linode: Sandbox;
let gateway: TestGateway;
/** Samples' names, and the names of metrics that have no sample before something happens. */
let known: Set<string>;
let labels: Map<string, Set<string>>;

beforeAll(async () => {
  linode = await startSandbox();
  // Redis's metrics are there although it cannot be reached.
  const redis = await connectRedis({ url: 'redis://127.0.0.1:1', clock: systemClock });
  gateway = await startTestGateway({
    linodeApiUrl: linode.url,
    processMetrics: true,
    redis: { redis, codec: new Codec() },
  });
  await gateway.ask('{ images { totalCount } }');
  await gateway.ask('{ nothing }');
  const subscriber = await subscribe(gateway.url, 'subscription { image(id: "linode/debian12") { id } }');
  await until(() => subscriber.hasEnded, 'the end of a subscription');
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  known = new Set([...text.matchAll(/^(?:# TYPE )?(\w+)/gm)].map(([, name = '']) => name));
  labels = new Map();
  for (const [, name = '', written = ''] of text.matchAll(/^(\w+)\{(.*)\} /gm)) {
    const names = [...written.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
    labels.set(name, new Set([...(labels.get(name) ?? []), ...names]));
  }
});

afterAll(async () => {
  await gateway.close();
  await linode.close();
});

describe('the dashboard', () => {
  it.each(dashboard.panels.map(({ title, targets }) => [title, targets.map(({ expr }) => expr)] as const))(
    'asks in "%s" for metrics that exist, by labels that they have',
    (_, expressions) => {
      expect(metricsIn(expressions).length).toBeGreaterThan(0);
      expect(unknownIn(expressions)).toEqual([]);
    },
  );

  it('finds its instances by a metric that exists', () => {
    const queries = dashboard.templating.list.map(({ query }) =>
      typeof query === 'string' ? query : query.query,
    );
    expect(metricsIn(queries).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the alert rules', () => {
  it.each(rules.map(({ alert, expr }) => [alert, expr] as const))(
    '%s looks at metrics that exist',
    (_, expr) => {
      expect(metricsIn([expr]).length).toBeGreaterThan(0);
      expect(unknownIn([expr])).toEqual([]);
    },
  );

  it.each(rules)('$alert has its entry in the runbook', ({ alert, annotations }) => {
    expect(runbook).toMatch(new RegExp(`^## ${alert}$`, 'm'));
    expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
  });

  it('are all that the runbook tells of', () => {
    const entries = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, alert]) => alert);
    expect(entries.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });
});

/** Metrics that are not told, and labels that a metric does not have; `instance` is Prometheus' own. */
function unknownIn(expressions: string[]): string[] {
  const names = metricsIn(expressions).filter((name) => !known.has(name));
  const selectors = expressions.flatMap((expression) => [...expression.matchAll(/(\w+)\{([^}]*)\}/g)]);
  const wrong = selectors.flatMap(([, metric = '', written = '']) =>
    [...written.matchAll(/(\w+)=/g)]
      .map(([, label = '']) => label)
      .filter((label) => label !== 'instance' && !labels.get(metric)?.has(label))
      .map((label) => `${metric}{${label}}`),
  );
  return [...names, ...wrong];
}
