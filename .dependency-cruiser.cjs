// Imports point one way (docs/architecture.md):
// doors → api → core → {backup, insight, security, drill, seeding} → services → stack → runtime; renderer → preload/contract only.
const below = (from, to) => ({ from: { path: `^main/${from}/` }, to: { path: `^main/(${to.join('|')})/` } });
const rule = (name, from, to) => ({ name, severity: 'error', ...below(from, to) });
const above = {
  runtime: ['stack', 'services', 'seeding', 'backup', 'insight', 'security', 'drill', 'core', 'api', 'doors'],
  stack: ['services', 'seeding', 'backup', 'insight', 'security', 'drill', 'core', 'api', 'doors'],
  services: ['seeding', 'backup', 'insight', 'security', 'drill', 'core', 'api', 'doors'],
  seeding: ['core', 'api', 'doors'],
  home: ['runtime', 'stack', 'services', 'seeding', 'core', 'api', 'doors'],
  core: ['api', 'doors'],
  api: ['doors'],
};
module.exports = {
  forbidden: [
    ...Object.entries(above).map(([from, to]) => rule(`${from}-imports-nothing-above-it`, from, to)),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'renderer-knows-only-the-contract',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|preload(?!/contract)|seeds|test)/' },
    },
    { name: 'core-knows-no-renderer', severity: 'error', from: { path: '^(main|preload)/' }, to: { path: '^(renderer|test|bench)/' } },
    {
      name: 'contract-stands-alone',
      severity: 'error',
      from: { path: '^preload/contract/' },
      to: { path: '^(main|renderer|preload/(?!contract))' },
    },
    {
      name: 'electron-only-in-its-door',
      severity: 'error',
      from: { pathNot: '^(main/doors/electron|preload)/' },
      to: { path: '(^|node_modules/)electron$' },
    },
    {
      name: 'a-panel-knows-no-other-panel',
      severity: 'error',
      from: { path: '^renderer/panels/([^/]+)/' },
      to: { path: '^renderer/panels/', pathNot: '^renderer/panels/($1/|registry[.]ts$)' },
    },
    {
      name: 'doors-know-no-other-door',
      severity: 'error',
      from: { path: '^main/doors/([^/]+)/' },
      to: { path: '^main/doors/[^/]+/', pathNot: '^main/doors/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // TypeScript 7 has no API for other programs to parse with.
    parser: 'swc',
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
    exclude: { path: '\\.spec\\.tsx?$' },
  },
};
