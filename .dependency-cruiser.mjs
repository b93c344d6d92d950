/**
 * The direction of imports, for `npm run check:imports`. Type imports count.
 *
 * Levels of `src/`, top first. An entry is a file or a folder with all that is in it. It may import itself and what
 * stands on a lower level: neither what stands above it nor its siblings on the same level. A folder must stand
 * below the entries within it, and then means the rest of it.
 */
const LEVELS = [
  ['main.ts'],
  ['process'],
  // Replaced with the protocol between processes.
  ['cluster'],
  ['gateway'],
  ['telemetry/log', 'telemetry/metrics', 'telemetry/tracing'],
  ['config'],
  ['http/app.ts', 'http/webSocket'],
  ['http/sessions'],
  ['http/routes', 'http/middleware'],
  ['http/streams'],
  ['http/responseCache'],
  ['http/admission'],
  ['http/server'],
  ['http/encoding'],
  ['http'],
  ['sessions'],
  ['graphql/server.ts'],
  ['graphql/schema.ts'],
  ['graphql/subscriptions'],
  ['graphql/federation'],
  ['graphql/resolvers'],
  ['graphql/sdl.ts'],
  ['graphql/rowProjection', 'graphql/documents', 'graphql/limits'],
  ['graphql/plugins'],
  ['generated/resolvers.ts'],
  ['graphql/context.ts'],
  ['graphql/operationRecord.ts', 'graphql/rowErrors.ts', 'graphql/preparedSubscription.ts'],
  ['graphql/connections'],
  ['graphql/errors'],
  ['graphql/models'],
  ['graphql/scalars', 'graphql/work', 'graphql/badUserInput.ts'],
  ['generated/schema.ts'],
  ['live'],
  ['loaders'],
  ['catalog/upstream.ts'],
  ['catalog/catalogs.ts'],
  ['catalog/sharing/redisSharing.ts'],
  ['catalog/images', 'catalog/reads'],
  ['catalog'],
  ['linode/api'],
  ['linode/client'],
  ['linode'],
  ['peers'],
  ['sandbox', 'redis', 'uploader'],
  ['clock.ts'],
  ['cancellation.ts', 'version.ts'],
];

/** A path of `src/` as a pattern: of a file that file, of a folder all in it. */
const patternOf = (entry) =>
  entry.endsWith('.ts') ? `^src/${entry.replaceAll('.', '\\.')}$` : `^src/${entry}/`;

/** What an entry leaves to the entries that lie within it, such as `http` to `http/server`. */
const within = (entry) =>
  LEVELS.flat()
    .filter((other) => other !== entry && other.startsWith(`${entry}/`))
    .map(patternOf);

const downward = LEVELS.slice(1).flatMap((level, i) =>
  level.map((entry) => {
    const above = [...LEVELS.slice(0, i + 1).flat(), ...level.filter((other) => other !== entry)];
    return {
      name: `${entry} imports downward`,
      severity: 'error',
      from: { path: patternOf(entry), pathNot: within(entry) },
      to: { path: above.map(patternOf) },
    };
  }),
);

export default {
  forbidden: [
    ...downward,
    {
      name: 'every file has a level',
      severity: 'error',
      comment: 'A file that no level names could import anything.',
      from: { path: '^src/', pathNot: LEVELS.flat().map(patternOf) },
      to: {},
    },
    {
      name: 'the sandbox imports nothing of the gateway',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: ['^src/sandbox/', '^src/version\\.ts$'] },
    },
    {
      name: 'ioredis stays behind its port',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/redis/' },
      to: { path: 'node_modules/ioredis' },
    },
    { name: 'no cycles, types included', severity: 'error', from: {}, to: { circular: true } },
    { name: 'every import is found', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
