import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Operation } from '#runtime/operation'

/** An operation with all that its function.json says, for the tools; a function itself is given less. */
export interface DeclaredOperation extends Operation {
  /** From the root of the checkout, e.g. `functions/orders/place-order`. */
  folder: string
  /** Its routes are for other operations, inside the cluster. */
  internal?: true
  deadLetters?: true
  scale?: { min?: number; max?: number; concurrency?: number; window?: number }
  retry?: { times?: number; delay?: string; timeout?: string }
}

/** Every operation of the tree, in order of domain and name; the build reads them the same way. */
export async function operationsOf(root: string): Promise<DeclaredOperation[]> {
  const build = (await import(pathToFileURL(join(root, 'esbuild.config.mjs')).href)) as {
    operations: (root: string) => DeclaredOperation[]
  }
  return build.operations(root)
}

/** Every event's path below events/, e.g. `orders/order-placed.v1`. */
export function eventPathsOf(root: string): string[] {
  const home = join(root, 'events')
  return foldersOf(home)
    .flatMap((domain) => foldersOf(join(home, domain)).map((event) => `${domain}/${event}`))
    .filter((path) => existsSync(join(home, path, 'event.ts')))
}

export const domainsOf = (operations: readonly DeclaredOperation[]): string[] => [
  ...new Set(operations.map(({ domain }) => domain)),
]

/** The operations as the world sees them: what is internal has no route. */
export const published = (operations: readonly DeclaredOperation[]): DeclaredOperation[] =>
  operations.map(({ http, ...operation }) => ({
    ...operation,
    ...(http && !operation.internal && { http }),
  }))

/** The domains that have a database: the folders of infra/postgres but the one that all share. */
export const databaseDomains = (root: string): string[] =>
  foldersOf(join(root, 'infra/postgres')).filter((name) => name !== 'shared')

const foldersOf = (path: string) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
