/** Who may import whom. The folder tree is the architecture; these rules keep it true. */
module.exports = {
  forbidden: [
    {
      name: 'an-operation-keeps-to-its-domain',
      comment: "A folder uses its own files, its domain's nouns, events and the runtime.",
      severity: 'error',
      from: { path: '^functions/([^/]+)/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(functions|infra|tests)/',
        pathNot: ['^functions/$1/$2/', '^functions/$1/[^/]+\\.ts$', '^infra/runtime/'],
      },
    },
    {
      name: 'nouns-stay-in-their-domain',
      severity: 'error',
      from: { path: '^functions/([^/]+)/[^/]+\\.ts$' },
      to: {
        path: '^(functions|infra|tests)/',
        pathNot: ['^functions/$1/[^/]+\\.(ts|json)$', '^infra/runtime/'],
      },
    },
    {
      name: 'events-know-nothing',
      comment: 'An event is its name and the shape of its data.',
      severity: 'error',
      from: { path: '^events/' },
      to: { pathNot: ['^infra/runtime/(event|sku)\\.ts$', 'node_modules/class-validator'] },
    },
    {
      name: 'the-runtime-knows-no-shop',
      severity: 'error',
      from: { path: '^infra/runtime/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(functions|events|tests|infra/(local|tools|host|sandbox))/' },
    },
    {
      name: 'tests-are-not-shipped',
      severity: 'error',
      from: { pathNot: ['^tests/', '\\.test\\.ts$', '/(test|fake)-[a-z-]+\\.ts$'] },
      to: { path: ['^tests/', '\\.test\\.ts$'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
