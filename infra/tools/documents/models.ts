import { build } from 'esbuild'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { EventDefinition, Model } from '#runtime/event'
import type { Problem } from '#runtime/problem'
import { Docs, DOCS_MODULE, docstrings, reasonIn } from './json-schema-docs'
import { domainsOf, eventPathsOf, type DeclaredOperation } from '../tree'

/** The classes and tables that the code itself uses, loaded so that documents can be derived from them. */
export interface Models {
  events: Map<string, EventDefinition>
  /** What was published as examples of each event, by the names of the files. */
  examples: Map<string, Record<string, object>>
  inputs: Map<string, Model>
  /** By operation that takes CloudEvents: the class of their context attributes. */
  envelopes: Map<string, Model>
  /** By operation, then by status; null is an answer without a body. */
  replies: Map<string, Record<string, Model | null>>
  /** By operation, then by route: the media type of an answer that no class describes. */
  media: Map<string, Record<string, string>>
  /** By domain: makes the problem of a kind. */
  problems: Map<string, (kind: string) => Problem>
  docs: Docs
  /** By operation: what its docstring says beyond the promise. */
  reasons: Map<string, string>
}

type Exports = Record<string, Record<string, unknown>>

/** Bundles every event.ts, input.ts, reply.ts and problems.ts of the tree into one module, and loads it. */
export async function loadModels(root: string, operations: readonly DeclaredOperation[]): Promise<Models> {
  const eventPaths = eventPathsOf(root)
  const files = [
    ...eventPaths.map((path) => `events/${path}/event.ts`),
    ...operations.flatMap(({ folder }) => [`${folder}/input.ts`, `${folder}/reply.ts`]),
    ...domainsOf(operations).map((domain) => `functions/${domain}/problems.ts`),
  ].filter((file) => existsSync(join(root, file)))
  const { all, docs } = await bundled(root, files)
  const ofEach = <T>(file: string, exported: (name: string) => string) =>
    new Map(
      operations.flatMap(({ name, folder }) => {
        const found = all[`${folder}/${file}`]?.[exported(name)] as T | undefined
        return found === undefined ? [] : [[name, found] as const]
      }),
    )

  return {
    events: new Map(eventPaths.map((path) => [path, eventIn(all[`events/${path}/event.ts`]!, path)])),
    examples: new Map(eventPaths.map((path) => [path, examplesIn(join(root, `events/${path}/examples`))])),
    inputs: ofEach<Model>('input.ts', pascal),
    envelopes: ofEach<Model>('input.ts', () => 'Attributes'),
    replies: ofEach<Record<string, Model | null>>('reply.ts', () => 'replies'),
    media: ofEach<Record<string, string>>('reply.ts', () => 'media'),
    docs,
    reasons: new Map(
      operations.flatMap(({ name, folder }) => {
        const reason = reasonIn(readFileSync(join(root, folder, 'handler.ts'), 'utf8'))
        return reason ? [[name, reason] as const] : []
      }),
    ),
    problems: new Map(
      domainsOf(operations).flatMap((domain) => {
        const problem = all[`functions/${domain}/problems.ts`]?.['problem'] as
          ((kind: string) => Problem) | undefined
        return problem ? [[domain, problem] as const] : []
      }),
    ),
  }
}

async function bundled(root: string, files: string[]): Promise<{ all: Exports; docs: Docs }> {
  const contents = files.map((file, index) => `import * as m${index} from './${file}'`)
  contents.push(
    `export { said } from ${DOCS_MODULE}`,
    `export const all = { ${files.map((file, index) => `${JSON.stringify(file)}: m${index}`).join(', ')} }`,
  )
  const outfile = resolve(root, 'dist/models.cjs')
  const { outputFiles } = await build({
    stdin: { contents: contents.join('\n'), resolveDir: root, loader: 'ts' },
    absWorkingDir: resolve(root),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    plugins: [docstrings],
    keepNames: true,
    write: false,
    outfile,
    logLevel: 'warning',
  })
  mkdirSync(resolve(root, 'dist'), { recursive: true })
  writeFileSync(outfile, outputFiles[0]!.contents)
  const require = createRequire(outfile)
  const { all, said } = require(outfile) as { all: Exports; said: Parameters<Docs['set']>[] }
  const docs = new Docs()
  for (const [Class, texts] of said) docs.set(Class, texts)
  return { all, docs }
}

const examplesIn = (folder: string): Record<string, object> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [
        file.replace('.json', ''),
        JSON.parse(readFileSync(join(folder, file), 'utf8')) as object,
      ]),
  )

function eventIn(exports: Record<string, unknown>, path: string): EventDefinition {
  const found = Object.values(exports).find((value) => (value as EventDefinition).path === path)
  if (!found) throw new Error(`events/${path}/event.ts does not define the event '${path}' of its own folder`)
  return found as EventDefinition
}

/** The name of an operation's input class: `place-order` has `PlaceOrder`. */
export const pascal = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
