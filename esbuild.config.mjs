/**
 * Builds dist/: one CommonJS bundle for each folder of functions/ (its dependencies in it), the host that serves any of
 * them, and the tools behind the npm scripts. What a function is bundled with follows from its function.json.
 *
 *   node esbuild.config.mjs [--quiet] [--only=functions|infra]
 */
import { build } from 'esbuild'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(fileURLToPath(import.meta.url))

const folders = (path) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

/** Every operation, as its path and its function.json say. */
export function operations(root = ROOT) {
  return folders(join(root, 'functions'))
    .flatMap((domain) =>
      folders(join(root, 'functions', domain)).map((name) => `functions/${domain}/${name}/function.json`),
    )
    .filter((file) => existsSync(join(root, file)))
    .map((file) => {
      const folder = dirname(file)
      const { $schema: _, ...said } = JSON.parse(readFileSync(join(root, file), 'utf8'))
      const lists = Object.fromEntries(
        ['http', 'caller', 'on'].filter((key) => key in said).map((key) => [key, [said[key]].flat()]),
      )
      return { ...said, ...lists, folder, name: basename(folder), domain: basename(dirname(folder)) }
    })
}

/** The module that a function's bundle starts from: the handler, given its operation and what it needs. */
export function entry({ folder, ...operation }) {
  const { needs = [], emits = [], http, caller = ['anyone'] } = operation
  const parts = {
    database: needs.includes('postgres') && ['openDatabase', 'database'],
    cache: needs.includes('redis') && ['openCache', 'cache'],
    callers: http &&
      caller.some((kind) => !['anyone', 'gateway', 'producer'].includes(kind)) && ['openCallers', 'caller'],
    publisher: emits.length > 0 && ['openPublisher', 'publish'],
  }
  const wanted = Object.entries(parts).filter(([, part]) => part)
  const runtime = ['name', 'domain', 'promise', 'http', 'caller', 'idempotent', 'emits']
  const said = Object.fromEntries(
    runtime.filter((key) => key in operation).map((key) => [key, operation[key]]),
  )
  return [
    `import handler from './${folder}/handler.ts'`,
    ...wanted.map(([, [name, file]]) => `import { ${name} } from '#runtime/${file}'`),
    `const parts = { ${wanted.map(([part, [name]]) => `${part}: ${name}`).join(', ')} }`,
    `export default handler(${JSON.stringify(said)}, parts, process.env)`,
  ].join('\n')
}

const common = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  mainFields: ['module', 'main'],
  metafile: true,
  logLevel: 'warning',
}

/** nodemailer's table of file types is for attachments, which no mail of the shop has: 76 KiB for nothing. */
const withoutFileTypes = {
  name: 'without-file-types',
  setup({ onLoad }) {
    const contents = `export const detectMimeType = () => 'application/octet-stream'
      export const detectExtension = () => 'bin'`
    onLoad({ filter: /nodemailer[\\/]dist[\\/]esm[\\/]mime-funcs[\\/]mime-types\.js$/ }, () => ({ contents }))
  },
}

/** A bundle that is the same keeps its time stamp, and with it the compiled code that was kept for it. */
function writeChanged(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, contents)
}

async function buildFunctions() {
  const all = operations()
  const entries = {
    name: 'entries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^operation:/ }, ({ path }) => ({ path: path.slice(10), namespace: 'operation' }))
      onLoad({ filter: /.*/, namespace: 'operation' }, ({ path }) => ({
        contents: entry(all.find(({ folder }) => folder === path)),
        resolveDir: ROOT,
        loader: 'ts',
      }))
    },
  }
  const { metafile, outputFiles } = await build({
    ...common,
    write: false,
    minify: true,
    sourcemap: 'external',
    entryPoints: [
      ...all.map(({ folder }) => ({ in: `operation:${folder}`, out: folder })),
      { in: 'infra/host/host.ts', out: 'host' },
      { in: 'infra/host/telemetry.ts', out: 'telemetry' },
    ],
    plugins: [entries, withoutFileTypes],
  })
  for (const { path, contents } of outputFiles) writeChanged(path, contents)
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  writeFileSync(join(ROOT, 'dist/meta.json'), JSON.stringify(metafile))
  return Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.cjs'))
}

/** What runs in a cluster beside the functions, each as an image of its own. */
const IMAGES = {
  dispatcher: 'infra/openfaas/dispatcher.ts',
  gateway: 'infra/gateway/main.ts',
  prepare: 'infra/tools/prepare.ts',
  'redis-rest': 'infra/redis-rest/main.ts',
  sandbox: 'infra/sandbox/main.ts',
}

async function buildImagePrograms() {
  const { metafile } = await build({
    ...common,
    minify: true,
    outdir: 'dist/programs',
    external: ['pg-native'],
    entryPoints: Object.entries(IMAGES).map(([out, path]) => ({ in: path, out })),
  })
  writeFileSync(join(ROOT, 'dist/programs/meta.json'), JSON.stringify(metafile))
  return Object.entries(metafile.outputs)
}

/** What the npm scripts run; the other files there are parts of these. */
const PROGRAMS =
  /^(start|stop|data|backup|restore|demo|producer|fuzz|chaos|new|generate|bench|deploy|undeploy|images|.*-process)\.ts$/

async function buildInfra() {
  const { metafile } = await build({
    ...common,
    packages: 'external',
    sourcemap: 'inline',
    outbase: '.',
    entryPoints: ['infra/local', 'infra/tools'].flatMap((folder) =>
      readdirSync(join(ROOT, folder))
        .filter((file) => PROGRAMS.test(file))
        .map((file) => `${folder}/${file}`),
    ),
  })
  return Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.cjs'))
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const only = process.argv.find((word) => word.startsWith('--only='))?.slice(7)
  const built = [
    ...(only === 'infra' ? [] : await buildFunctions()),
    ...(only === 'infra' ? [] : await buildImagePrograms()),
    ...(only === 'functions' ? [] : await buildInfra()),
  ]
  if (!process.argv.includes('--quiet')) {
    for (const [file, { bytes }] of built.sort((a, b) => b[1].bytes - a[1].bytes)) {
      console.log(`${String(Math.ceil(bytes / 1024)).padStart(6)} KiB  ${file}`)
    }
  }
}
