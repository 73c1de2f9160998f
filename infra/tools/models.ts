import { build } from 'esbuild'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { EventDefinition, Model } from '#runtime/event'
import type { Problem } from '#runtime/problem'
import { domainsOf, eventPathsOf, type DeclaredOperation } from './tree'

/** The classes and tables that the code itself uses, loaded so that documents can be derived from them. */
export interface Models {
  events: Map<string, EventDefinition>
  inputs: Map<string, Model>
  /** By operation, then by status; null is an answer without a body. */
  replies: Map<string, Record<string, Model | null>>
  /** By domain: makes the problem of a kind. */
  problems: Map<string, (kind: string) => Problem>
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
  const all = await bundled(root, files)
  const classIn = (file: string, name: string) => all[file]?.[name]

  return {
    events: new Map(eventPaths.map((path) => [path, eventIn(all[`events/${path}/event.ts`]!, path)])),
    inputs: new Map(
      operations.flatMap(({ name, folder }) => {
        const Input = classIn(`${folder}/input.ts`, pascal(name)) as Model | undefined
        return Input ? [[name, Input] as const] : []
      }),
    ),
    replies: new Map(
      operations.flatMap(({ name, folder }) => {
        const replies = classIn(`${folder}/reply.ts`, 'replies') as Record<string, Model | null> | undefined
        return replies ? [[name, replies] as const] : []
      }),
    ),
    problems: new Map(
      domainsOf(operations).flatMap((domain) => {
        const problem = classIn(`functions/${domain}/problems.ts`, 'problem') as
          ((kind: string) => Problem) | undefined
        return problem ? [[domain, problem] as const] : []
      }),
    ),
  }
}

async function bundled(root: string, files: string[]): Promise<Exports> {
  const contents = files.map((file, index) => `import * as m${index} from './${file}'`)
  contents.push(
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
    write: false,
    outfile,
    logLevel: 'warning',
  })
  mkdirSync(resolve(root, 'dist'), { recursive: true })
  writeFileSync(outfile, outputFiles[0]!.contents)
  const require = createRequire(outfile)
  return (require(outfile) as { all: Exports }).all
}

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
